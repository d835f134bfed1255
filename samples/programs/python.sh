# Processes, threads, asyncio, sqlite3, signals.
# needs: python3
cat > work.py <<'END'
import asyncio, hashlib, multiprocessing, os, queue, signal, sqlite3, subprocess, sys, threading, time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

def square(x):
    return x * x

async def many():
    async def one(i):
        process = await asyncio.create_subprocess_exec('/bin/echo', str(i), stdout=asyncio.subprocess.PIPE)
        out, _ = await process.communicate()
        return int(out)
    return sum(await asyncio.gather(*(one(i) for i in range(10))))

def main():
    for method in ('fork', 'spawn', 'forkserver'):
        with multiprocessing.get_context(method).Pool(3) as pool:
            print(method, sum(pool.map(square, range(100))))
    with ProcessPoolExecutor(2) as executor:
        print('executor', list(executor.map(square, range(5))))
    with ThreadPoolExecutor(8) as executor:
        print('threads', sum(executor.map(square, range(1000))))
    results = queue.Queue()
    threads = [threading.Thread(target=lambda i=i: results.put(i)) for i in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print('queue', sum(results.queue))
    print('asyncio', asyncio.run(many()))
    seen = []
    signal.signal(signal.SIGALRM, lambda number, frame: seen.append(number))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    for _ in range(3000):
        if seen:
            break
        time.sleep(0.01)
    print('alarm', seen)
    database = sqlite3.connect('data.db')
    database.execute('create table t (a integer, b text)')
    database.executemany('insert into t values (?, ?)', ((i, str(i)) for i in range(5000)))
    database.commit()
    print('sqlite', database.execute('select sum(a), max(b) from t').fetchone())
    print('subprocess', subprocess.run(['sh', '-c', 'echo out; echo err >&2; exit 4'], capture_output=True))
    print('sha', hashlib.sha256(b'x' * 1000000).hexdigest()[:16])
    pid = os.fork()
    if pid == 0:
        os._exit(7)
    print('fork', os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

if __name__ == '__main__':
    main()
END
python3 work.py
