# The Rust compiler, and a program of eight threads that it makes.
# needs: rustc
cat > work.rs <<'END'
use std::{sync::mpsc, thread};
fn main() {
    let (send, receive) = mpsc::channel();
    let threads: Vec<_> = (0..8u64).map(|i| { let send = send.clone(); thread::spawn(move || send.send((0..100_000u64).fold(i, |a, b| a.wrapping_mul(31).wrapping_add(b))).unwrap()) }).collect();
    drop(send);
    for thread in threads { thread.join().unwrap(); }
    println!("{:x}", receive.iter().fold(0, |a, b| a ^ b));
    println!("{}", std::panic::catch_unwind(|| { let v: Vec<u32> = vec![]; v[std::env::args().count()] }).is_err());
}
END
compiler=$(rustup which rustc 2> /dev/null || command -v rustc)
"$compiler" -O work.rs -o work 2> /dev/null; echo "compiled: $?"
./work 2> /dev/null
"$compiler" -O -C target-feature=+crt-static work.rs -o static 2> /dev/null && ./static 2> /dev/null
