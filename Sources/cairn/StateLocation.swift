import ArgumentParser
import Board
import Glibc
import LogDirectory

/// Where a board's identity and log are.
enum StateLocation {
  static let help: ArgumentHelp =
    "Directory of identities and logs; $STATE_DIRECTORY, else /var/lib/cairn for root, else ~/.local/state/cairn."

  /// The directory of one board: simulated boards have theirs apart, so that nothing is mixed up.
  static func directory(of board: Board, under option: String?) -> String {
    directory(ofBoard: board.name, isSimulated: board.isSimulated, under: option)
  }

  private static func directory(
    ofBoard name: String, isSimulated: Bool, under option: String?
  ) -> String {
    "\(root(option))/\(isSimulated ? "simulated" : "boards")/\(name)"
  }

  private static func root(_ option: String?) -> String {
    if let option { return option }
    if let given = environment("STATE_DIRECTORY") { return given }
    if getuid() == 0 { return "/var/lib/cairn" }
    if let state = environment("XDG_STATE_HOME") { return state + "/cairn" }
    return (environment("HOME") ?? ".") + "/.local/state/cairn"
  }

  /// The key that systemd hands over (LoadCredentialEncrypted=cairn-identity:...); nil where none is.
  static var credential: String? {
    guard let directory = environment("CREDENTIALS_DIRECTORY") else { return nil }
    let path = directory + "/cairn-identity"
    return access(path, F_OK) == 0 ? path : nil
  }

  private static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }
}
