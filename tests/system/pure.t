#!/bin/sh
# The pure layers reach for nothing outside but what is listed here.  (bcmp: what
# clang makes of memcmp.)
allow='abort bcmp calloc free malloc realloc memchr memcmp memcpy memmove memset qsort bsearch snprintf
	vsnprintf strchr strcmp strlen strncasecmp strncmp strcspn strspn strrchr strstr strtoll __assert_fail __stack_chk_fail'
base='fprintf stderr'
json='json_array_get json_array_size json_delete json_loadb json_object_get json_object_iter
	json_object_iter_key json_object_iter_next json_object_iter_value json_object_key_to_iter
	json_object_size json_string_value json_string_length json_integer_value json_number_value'
math='exp log pow sqrt'
text='utf8proc_category utf8proc_map'
pcre='pcre2_code_copy_8 pcre2_code_free_8 pcre2_compile_8 pcre2_compile_context_create_8
	pcre2_compile_context_free_8 pcre2_config_8 pcre2_get_error_message_8 pcre2_get_ovector_count_8
	pcre2_get_ovector_pointer_8 pcre2_jit_compile_8 pcre2_jit_match_8 pcre2_jit_stack_assign_8 pcre2_jit_stack_create_8
	pcre2_jit_stack_free_8 pcre2_match_8 pcre2_match_context_create_8 pcre2_match_context_free_8
	pcre2_match_data_create_8 pcre2_match_data_free_8 pcre2_set_match_limit_8
	pcre2_set_max_pattern_length_8 pcre2_set_parens_nest_limit_8 pcre2_substring_number_from_name_8'
layers='base json model text rules talk desk wire'
n=0
echo "1..$(echo $layers | wc -w)"
own=$(for l in $layers; do nm --defined-only "$top_builddir/lib$l.a" 2>/dev/null; done | awk 'NF == 3 { print $3 }' | sort -u)
for l in $layers; do
	n=$((n + 1))
	case $l in
	base) more=$base ;;
	json | talk) more=$json ;;
	wire) more="$json gmtime_r strncasecmp" ;;
	text) more=$text ;;
	rules) more="$json $pcre $math" ;;
	*) more= ;;
	esac
	used=$(nm -u "$top_builddir/lib$l.a" 2>/dev/null | awk 'NF == 2 { print $2 }' | sort -u)
	if [ -z "$used" ]; then
		echo "not ok $n - $l is pure"
		echo "# lib$l.a is missing or empty: nothing was checked"
		continue
	fi
	# fortified names count as their plain ones; the sanitizers' own are theirs
	bad=$(printf '%s\n' "$used" | sed 's/@.*//' |
		sed -E 's/^__(v?[a-z]+)_chk$/\1/' |
		grep -Ev '^(__asan_|__ubsan_|__sanitizer_|_GLOBAL_OFFSET_TABLE_)' |
		awk -v ok="$allow $more $own" 'BEGIN { gsub(/[\n\t]/, " ", ok); split(ok, a, " "); for (i in a) may[a[i]] = 1 } !($1 in may) && $1 != "stack" && $1 != "__stack_chk_fail"')
	if [ -z "$bad" ]; then echo "ok $n - $l is pure"
	else echo "not ok $n - $l is pure"; echo "# uses:" $bad; fi
done
