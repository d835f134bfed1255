-- SQLite: inserts, an index, joins, groups, text functions; all in memory, in one thread.
CREATE TABLE item(id INTEGER PRIMARY KEY, kind INTEGER, name TEXT, price REAL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 220000)
INSERT INTO item SELECT i, i * 7919 % 101, 'item ' || (i * 31 % 5003), i * 37 % 1009 / 8.0 FROM n;
CREATE INDEX item_name ON item(name);
SELECT kind, count(*), sum(price), max(name) FROM item GROUP BY kind ORDER BY 3 DESC LIMIT 5;
SELECT count(*), sum(a.price - b.price) FROM item a JOIN item b ON b.name = a.name AND b.id > a.id WHERE a.kind < 40;
UPDATE item SET name = upper(replace(name, 'item', 'part')) WHERE kind % 3 = 0;
SELECT name, length(name), count(*) FROM item WHERE name LIKE '%7%' GROUP BY name ORDER BY count(*) DESC, name LIMIT 5;
DELETE FROM item WHERE price < 20;
SELECT count(*), total(price) FROM item;
