import Glibc
import Testing

/// What a test could not set up, and what to do about it.
struct SetupFailure: Error, CustomStringConvertible {
  let description: String
}

/// A process of a test, killed at the latest when it is dropped.
final class Child {
  private var identifier: pid_t = 0
  private var isReaped = false

  /// Starts a program with its output in a file.
  init(_ path: String, _ arguments: [String], output: String) throws {
    guard access(path, X_OK) == 0 else {
      throw SetupFailure(
        description:
          "\(path) is missing; install the packages mosquitto, mosquitto-clients, openssl")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
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
  func signal(_ number: CInt) { if !isReaped { kill(identifier, number) } }

  /// Sends a signal that ends the process, and waits for the end.
  func end(_ number: CInt) {
    signal(number)
    _ = wait()
  }

  /// Waits for the end; returns the exit code, or nil after a signal.
  func wait() -> CInt? {
    guard !isReaped else { return nil }
    var status: CInt = 0
    while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    isReaped = true
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
  }

  /// Runs a program to its end; returns its output.
  @discardableResult
  static func run(_ path: String, _ arguments: [String], in directory: Directory) throws -> String {
    let output = directory.path("output-\(UInt64.random(in: 0 ... .max))")
    let code = try Child(path, arguments, output: output).wait()
    let text = try directory.text(of: output)
    guard code == 0 else {
      throw SetupFailure(description: "\(path) \(arguments) failed: \(text)")
    }
    return text
  }
}

/// A directory of a test, removed when it is dropped.
final class Directory {
  let root: String

  init() throws {
    var template = Array("\(P_tmpdir)/cairn-mqtt-XXXXXX".utf8CString)
    guard let root = mkdtemp(&template) else {
      throw SetupFailure(description: "no temporary directory: \(String(cString: strerror(errno)))")
    }
    self.root = String(cString: root)
  }

  deinit {
    if let directory = opendir(root) {
      while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        unlink(path(name))
      }
      closedir(directory)
    }
    rmdir(root)
  }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    guard let file = fopen(path(name), "w") else {
      throw SetupFailure(description: "can't write \(path(name))")
    }
    defer { fclose(file) }
    fputs(text, file)
    return path(name)
  }

  func text(of path: String) throws -> String {
    guard let file = fopen(path, "r") else { throw SetupFailure(description: "can't read \(path)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
