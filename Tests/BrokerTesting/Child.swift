package import Glibc

/// A process of a test, killed at the latest when it is dropped.
package final class Child {
  /// How a process ended.
  package enum End: Hashable, Sendable {
    case exit(CInt)
    case signal(CInt)
  }

  package private(set) var identifier: pid_t = 0
  private var ending: End?

  /// Starts a program with its output in a file, and its errors there too or in another file.
  package init(
    _ path: String, _ arguments: [String], output: String, errors: String? = nil
  ) throws {
    guard access(path, X_OK) == 0 else {
      throw SetupFailure(
        description:
          "\(path) is missing; install the packages mosquitto, mosquitto-clients, openssl")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
    if let errors {
      posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o600)
    } else {
      posix_spawn_file_actions_adddup2(&actions, 1, 2)
    }
    // The threads that run tests hold signals back, and a child would inherit that.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var pointers = ([path] + arguments).map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    let code = posix_spawn(&identifier, path, &actions, &attributes, pointers, environ)
    guard code == 0 else {
      throw SetupFailure(description: "\(path) did not start: \(String(cString: strerror(code)))")
    }
  }

  deinit { end(SIGKILL) }

  /// Sends a signal.
  package func signal(_ number: CInt) { if ending == nil { kill(identifier, number) } }

  /// Sends a signal that ends the process, and waits for the end.
  package func end(_ number: CInt) {
    signal(number)
    _ = wait()
  }

  /// Waits for the end; returns the exit code, or nil after a signal.
  @discardableResult
  package func wait() -> CInt? {
    reap(options: 0)
    return if case .exit(let code) = ending { code } else { nil }
  }

  /// Whether the process has not ended.
  package var isRunning: Bool {
    reap(options: WNOHANG)
    return ending == nil
  }

  /// Waits for the end, holding up no thread; returns nil where it does not come in time.
  package func end(within limit: Duration = patience) async -> End? {
    _ = await eventually(within: limit) { !isRunning }
    return ending
  }

  private func reap(options: CInt) {
    guard ending == nil else { return }
    var status: CInt = 0
    var answer: pid_t
    repeat { answer = waitpid(identifier, &status, options) } while answer < 0 && errno == EINTR
    guard answer == identifier else { return }
    let signal = status & 0x7F
    ending = signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
  }

  /// Runs a program to its end; returns its output.
  @discardableResult
  package static func run(
    _ path: String, _ arguments: [String], in directory: Directory
  ) throws -> String {
    let output = directory.path("output-\(UInt64.random(in: 0 ... .max))")
    let code = try Child(path, arguments, output: output).wait()
    let text = try directory.text(of: output)
    guard code == 0 else {
      throw SetupFailure(description: "\(path) \(arguments) failed: \(text)")
    }
    return text
  }
}
