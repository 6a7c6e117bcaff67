import Glibc

/// The program's output and errors, written at once.
enum StandardStream {
  case output, error

  /// Writes a text and a newline.
  func line(_ text: String) { write(text + "\n") }

  /// Writes a text.
  func write(_ text: String) { write(Array(text.utf8)) }

  /// Writes bytes, which need be no text.
  func write(_ bytes: [UInt8]) {
    var bytes = bytes[...]
    let descriptor: Int32 = self == .output ? 1 : 2
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Whether somebody looks at it on a terminal.
  var isTerminal: Bool { isatty(self == .output ? 1 : 2) == 1 }

  /// The terminal's size; 80 columns and 24 rows where it does not say.
  var size: TerminalSize {
    var size = winsize()
    let answer = ioctl(self == .output ? 1 : 2, UInt(TIOCGWINSZ), &size)
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
