# awk -f layers.awk LAYERS FILE...: names each #include that LAYERS does not
# allow, in src/, with file and line.  Prints the number of includes checked.
FNR == NR {
	sub(/#.*/, "")
	if (NF == 0)
		next
	if ($1 == "lib") {
		for (i = 3; i <= NF; i++)
			owns[$2, $i] = 1
		libs[$2] = 1
		next
	}
	d = $1
	sub(/:$/, "", d)
	known[d] = 1
	for (i = 2; i <= NF; i++) {
		if ($i == "pure")
			continue
		if (!($i in known)) {
			printf "%s:%d: %s is not defined above %s\n", FILENAME, FNR, $i, d
			bad = 1
		}
		may[d, $i] = 1
	}
	next
}
FNR == 1 {
	dir = FILENAME
	sub(/^.*src\//, "", dir)
	sub(/\/.*/, "", dir)
	if (!(dir in known)) {
		printf "%s:1: folder %s is not in LAYERS\n", FILENAME, dir
		bad = 1
	}
}
/^[ \t]*#[ \t]*include[ \t]+"/ {
	n++
	h = $0
	sub(/^[^"]*"/, "", h)
	if (h !~ /\//) {
		printf "%s:%d: include by its path from src\n", FILENAME, FNR
		bad = 1
		next
	}
	sub(/\/.*/, "", h)
	if (dir != h && !((dir, h) in may)) {
		printf "%s:%d: %s may not include %s (see src/LAYERS)\n", FILENAME, FNR, dir, h
		bad = 1
	}
}
/^[ \t]*#[ \t]*include[ \t]+</ {
	n++
	h = $0
	sub(/^[^<]*</, "", h)
	sub(/>.*/, "", h)
	sub(/\/.*/, "", h)
	if (h ~ /^(sys|netinet|arpa)$/ || h ~ /^(assert|ctype|dirent|errno|fcntl|getopt|inttypes|limits|locale|netdb|poll|pthread|signal|spawn|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|termios|time|unistd)\.h$/)
		next
	if (!(h in libs)) {
		printf "%s:%d: library header <%s> has no owner in LAYERS\n", FILENAME, FNR, h
		bad = 1
	} else if (!((h, dir) in owns)) {
		printf "%s:%d: %s may not include <%s> (see src/LAYERS)\n", FILENAME, FNR, dir, h
		bad = 1
	}
}
END {
	if (n < 100) {
		printf "only %d includes seen: the check did not run\n", n
		bad = 1
	}
	exit bad
}
