# A redis server on a local socket: started, loaded, stopped.
# needs: redis-server redis-cli
redis-server --port 0 --unixsocket "$PWD/s" --save '' --loglevel warning > log 2>&1 &
for i in $(seq 600); do [ -S s ] && break; sleep 0.1; done
ask() { redis-cli -s s "$@"; }
ask set a 41; ask incr a; ask rpush list x y z; ask lrange list 0 -1
seq 5000 | sed 's/.*/SET key& value&/' | redis-cli -s s --pipe | tail -1
ask dbsize; ask eval 'local s = 0 for i = 1, 1000 do s = s + i end return s' 0
ask save; ls -l dump.rdb | wc -l
ask shutdown nosave; wait; echo "ended with $?"
