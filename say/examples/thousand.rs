//! Says a thousand lines, for the tests.

use say::println;

fn main() {
    println!("# thousand: lines");
    println!();
    for n in 1..=1000 {
        println!("n{n} = {n}");
    }
}
