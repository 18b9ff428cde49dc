//! The program: calls the library and returns its exit code.

fn main() -> std::process::ExitCode {
    tieback::command::main()
}
