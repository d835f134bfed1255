# Forks and sockets.
# needs: perl
cat > work.pl <<'END'
use strict; use warnings; use Socket; use IO::Handle; use POSIX ':sys_wait_h';
socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die "socketpair: $!";
$_->autoflush(1) for $a, $b;
my $pid = fork;
if (!$pid) { close $a; while (<$b>) { print $b uc } exit 3 }
close $b; print $a "hello\nfrom perl\n"; shutdown $a, 1; print while <$a>; waitpid $pid, 0; print $? >> 8, "\n";
my @children = map { my $n = $_; my $p = fork; exit $n if !$p; $p } 1 .. 10;
my $sum = 0; for (@children) { waitpid $_, 0; $sum += $? >> 8 } print "$sum\n";
local $SIG{CHLD} = sub { while ((my $p = waitpid -1, WNOHANG) > 0) { $sum-- } };
for (1 .. 5) { exit 0 if !fork } my $end = time + 5; select undef, undef, undef, 0.05 while $sum > 50 && time < $end; print "$sum\n";
open my $pipe, '-|', 'sort -n' or die; close $pipe; print `echo backticks`;
END
perl work.pl < /dev/null
