# Pipes, job control, traps, here-documents, arrays, subshells, process substitution.
words=(one two three four)
echo "${words[@]:1:2} ${#words[@]}"
printf '%s\n' "${words[@]}" | sort -r | tr a-z A-Z | paste -sd,
cat <<END
here $((6 * 7)) $(echo substitution)
END
(cd / && pwd; exit 3); echo "subshell ended with $?"
trap 'echo "trapped USR1"' USR1
kill -USR1 $$
(for i in 1 3 5; do (sleep 0.$i; echo "job $i") & done; wait) | sort
sleep 30 & pid=$!
sleep 0.2; kill -TERM $pid; wait $pid; echo "killed job: $?"
set -m
sleep 30 & pid=$!
until_jobs() { for n in $(seq 300); do jobs | grep -q "$1" && return; sleep 0.1; done; }
sleep 0.2; kill -STOP $pid; until_jobs Stopped; jobs | sed 's/  */ /g'
kill -CONT $pid; until_jobs Running; jobs | sed "s/  */ /g"; kill $pid; wait $pid 2> /dev/null
set +m
declare -A map=([a]=1 [b]=2); for k in a b; do echo "$k=${map[$k]}"; done
diff <(printf 'x\ny\n') <(printf 'x\nz\n')
seq 1 100000 | awk '{s += $1} END {print s}'
mkfifo pipe; (echo through a fifo > pipe) & read -r line < pipe; echo "$line"; rm pipe
yes | head -3 | wc -l
echo "${PIPESTATUS[@]}"
coproc cat; echo hello >&"${COPROC[1]}"; read -r reply <&"${COPROC[0]}"; echo "$reply"
exec {COPROC[1]}>&-; wait
ulimit -n; umask
false | true; echo $?
trap 'echo "leaving"' EXIT
