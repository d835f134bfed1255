# The Go compiler, and a static program with goroutines that it makes.
# needs: go
cat > work.go <<'END'
package main

import (
	"fmt"
	"os/exec"
	"sync"
)

func main() {
	var group sync.WaitGroup
	sums := make(chan int, 100)
	for i := 0; i < 100; i++ {
		group.Add(1)
		go func() { defer group.Done(); s := 0; for k := 0; k < 100000; k++ { s += k % (i + 1) }; sums <- s }()
	}
	group.Wait()
	close(sums)
	total := 0
	for s := range sums { total += s }
	out, err := exec.Command("/bin/echo", "child").Output()
	fmt.Println(total, string(out), err)
}
END
export HOME=$PWD CGO_ENABLED=0
go build -o work work.go; echo "built: $?"
./work
