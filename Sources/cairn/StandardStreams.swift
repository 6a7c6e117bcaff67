import Glibc

/// The program's output and errors, written at once.
enum StandardStream {
  case output, error

  /// Writes a text and a newline.
  func line(_ text: String) { write(text + "\n") }

  /// Writes a text.
  func write(_ text: String) { write(Array(text.utf8)) }

  /// Writes bytes, which need be no text.
  ///
  /// Where the output does not take them, the program says why and ends with exit code 1: half an
  /// output must not look like a whole one. Where its reader has gone, SIGPIPE ends the program, or,
  /// where that is ignored, it ends with 1 without a word.
  func write(_ bytes: [UInt8]) {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
        continue
      }
      let code = errno
      if count < 0 && code == EINTR { continue }
      if count < 0 && code == EAGAIN {
        // Somebody else made the terminal or pipe one that does not wait.
        var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&room, 1, -1)
        continue
      }
      // Of errors that cannot be told nothing can be told.
      guard self == .output else { return }
      if code != EPIPE {
        StandardStream.error.line(
          "cairn: cannot write the standard output: \(String(cString: strerror(code)))")
      }
      // At once, since other threads may be at work.
      _exit(1)
    }
  }

  private var descriptor: Int32 { self == .output ? 1 : 2 }

  /// Whether somebody looks at it on a terminal.
  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// The terminal's size; 80 columns and 24 rows where it does not say.
  var size: TerminalSize {
    var size = winsize()
    let answer = ioctl(descriptor, UInt(TIOCGWINSZ), &size)
    guard answer == 0, size.ws_col > 0, size.ws_row > 0 else {
      return TerminalSize(columns: 80, rows: 24)
    }
    return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }
}

/// How much a terminal shows.
struct TerminalSize: Hashable, Sendable {
  let columns: Int
  let rows: Int

  /// A file or a pipe, which has no edges.
  static let unlimited = TerminalSize(columns: .max, rows: .max)
}
