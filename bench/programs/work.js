// A second of compiled JavaScript: floating point in arrays, integers, calls, objects.
const rounds = Number(process.argv[2]);
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
const values = new Float64Array(1000);
let sum = 0;
for (let k = 0; k < rounds * 1000; k++) {
    for (let i = 0; i < values.length; i++) {
        values[i] = values[i] * 0.5 + i;
        sum = (sum + values[i]) | 0;
    }
}
const list = [];
for (let i = 0; i < rounds * 5000; i++)
    list.push({ key: (i * 7919) % 10007, name: 'n' + (i % 100) });
list.sort((a, b) => a.key - b.key);
const groups = new Map();
for (const item of list)
    groups.set(item.name, (groups.get(item.name) || 0) + item.key);
console.log(sum, fib(32 + Math.min(rounds, 60) / 20 | 0), groups.size, groups.get('n42'));
