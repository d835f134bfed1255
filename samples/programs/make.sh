# A build of two levels with 30 C files, four jobs at a time.
# needs: make gcc ar
mkdir -p lib
for i in $(seq 1 28); do
    cat > lib/part$i.c <<END
#include "parts.h"
static int table[16] = { $i, 2, 3 };
int part$i(int x) { for (int k = 0; k < 16; k++) x = x * 31 + table[k]; return x; }
END
    echo "int part$i(int);" >> lib/parts.h
done
{
    echo '#include <stdio.h>'; echo '#include "lib/parts.h"'; echo 'int sum(void);'
    echo 'int main(void) { printf("%d\n", sum()); return 0; }'
} > main.c
{ echo '#include "lib/parts.h"'; echo 'int sum(void) { int s = 0;'; for i in $(seq 1 28); do echo "s += part$i(s);"; done; echo 'return s; }'; } > sum.c
printf 'all: program\nprogram: main.o sum.o lib/libparts.a\n\tgcc -o $@ $^\nlib/libparts.a: FORCE\n\t$(MAKE) --no-print-directory -C lib\nFORCE:\nmain.o sum.o: lib/parts.h\n' > Makefile
printf 'objects = $(patsubst %%.c,%%.o,$(wildcard *.c))\nlibparts.a: $(objects)\n\tar rcs $@ $^\n$(objects): parts.h\n' > lib/Makefile
make -j4 CFLAGS=-O1 > log 2>&1; echo "make: $?"
sort log | grep -c 'cc -O1'
./program
touch lib/part7.c; make -j4 CFLAGS=-O1 | grep -c 'cc -O1'
