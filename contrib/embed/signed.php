<?php
// Who is signed in, said by your server. The secret is what `hangatctl secret`
// prints; it never reaches a browser.
$id = (string) $_SESSION['customer_id'];
$signature = hash_hmac('sha256', $id, trim(file_get_contents('/etc/shop/hangat.secret')));
$user = ['id' => $id, 'signature' => $signature, 'name' => $_SESSION['name'], 'remember' => (bool) $_SESSION['agreed_to_be_remembered']];
?>
<script>
  window.hangat = window.hangat || [];
  hangat.push(["setUser", <?= json_encode($user, JSON_HEX_TAG | JSON_HEX_AMP | JSON_UNESCAPED_UNICODE) ?>]);
</script>
<script src="https://chat.shop.example/widget.js" async></script>
