# The Java compiler and virtual machine, with its own translator and parallel streams.
# needs: java javac
cat > Work.java <<'END'
import java.util.stream.IntStream;

public class Work {
    public static void main(String[] arguments) throws Exception {
        System.out.println(IntStream.range(0, 5000000).parallel().mapToLong(i -> i % 7).sum());
        Thread[] threads = new Thread[8];
        long[] sums = new long[8];
        for (int i = 0; i < threads.length; i++) { int n = i; threads[i] = new Thread(() -> { for (int k = 0; k < 100000; k++) sums[n] += k ^ n; }); threads[i].start(); }
        long total = 0;
        for (int i = 0; i < threads.length; i++) { threads[i].join(); total += sums[i]; }
        System.out.println(total);
        try { Object o = null; o.hashCode(); } catch (NullPointerException e) { System.out.println("caught"); }
    }
}
END
javac Work.java; echo "compiled: $?"
java Work
