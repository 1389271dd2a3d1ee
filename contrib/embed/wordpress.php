<?php
/*
Plugin Name: hangat
Description: The hangat chat widget on every page. Put this file into wp-content/plugins, and the address into HANGAT_URL in wp-config.php.
Version: 1.0
*/
defined('ABSPATH') || exit;

add_action('wp_enqueue_scripts', function () {
    if (!defined('HANGAT_URL')) {
        return;
    }
    wp_enqueue_script('hangat', rtrim(HANGAT_URL, '/') . '/widget.js', [], null, ['strategy' => 'async', 'in_footer' => true]);
    $user = wp_get_current_user();
    if (defined('HANGAT_SECRET') && $user->ID) {
        $id = 'wp-' . $user->ID;
        $who = ['id' => $id, 'signature' => hash_hmac('sha256', $id, HANGAT_SECRET), 'name' => $user->display_name];
        wp_add_inline_script('hangat', 'window.hangat = window.hangat || []; hangat.push(["setUser", ' . wp_json_encode($who, JSON_HEX_TAG | JSON_HEX_AMP) . ']);', 'before');
    }
});
