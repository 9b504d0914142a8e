//! Says more lines than a pipe holds, for the tests.

use say::println;

fn main() {
    println!("# lines: twenty thousand");
    println!();
    for n in 1..=20_000 {
        println!("n{n} = {n}");
    }
}
