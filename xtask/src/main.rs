fn main(){ eprintln!("see README"); }
