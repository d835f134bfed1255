"""Python: dictionaries, strings, a class with methods, a generator, integers that grow. Argument: rounds."""
import sys


class Counter:
    def __init__(self):
        self.counts = {}

    def add(self, word):
        self.counts[word] = self.counts.get(word, 0) + 1


def words(seed, count):
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) % 2147483648
        yield "w%d" % (seed % 997)


total = 0
for turn in range(int(sys.argv[1])):
    counter = Counter()
    for word in words(turn, 20000):
        counter.add(word)
    best = sorted(counter.counts.items(), key=lambda item: (-item[1], item[0]))[:10]
    total += sum(count for _, count in best) + len(" ".join(word for word, _ in best))
    product = 1
    for number in range(1, 120):
        product *= number
    total += product % 1000003
print(total)
