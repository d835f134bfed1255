# Perl: hashes, regular expressions, joins and sorts. Argument: rounds.
use strict;
use warnings;

my ($total, $seed) = (0, 1);
for my $turn (1 .. $ARGV[0]) {
    my %counts;
    my $line = '';
    for (1 .. 5000) {
        $seed = ($seed * 1103515245 + 12345) % 2147483648;
        $line .= 'w' . $seed % 997 . ($seed & 64 ? ' ' : ', ');
    }
    $counts{$1}++ while $line =~ /(w\d+)/g;
    (my $short = $line) =~ s/w(\d)\d*,/<$1>/g;
    my @best = sort { $counts{$b} <=> $counts{$a} || $a cmp $b } keys %counts;
    $total += length(join('-', @best[0 .. 9])) + length $short;
}
print "$total\n";
