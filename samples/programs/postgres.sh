# A PostgreSQL server: made, started, loaded, stopped.
# needs: psql /usr/lib/postgresql/*/bin/postgres
# user: postgres
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
"$bin/initdb" -D data -A trust -N > log 2>&1 && echo made
"$bin/pg_ctl" -D data -w -t 120 -l server.log -o "-c listen_addresses='' -k $PWD" start > /dev/null && echo started
psql -qh "$PWD" -d postgres -At <<END
create table t (a integer primary key, b text);
insert into t select n, md5(n::text) from generate_series(1, 20000) n;
select count(*), sum(a), min(b) from t;
create index on t (b);
begin; delete from t where a % 2 = 0; select count(*) from t; rollback;
select a from t order by b limit 3;
END
"$bin/pg_ctl" -D data -w -m fast stop > /dev/null && echo stopped
