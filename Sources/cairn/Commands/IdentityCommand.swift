import ArgumentParser
import Evidence
import JSONText
import LogDirectory

/// `cairn identity`: who a board is, and a new identity for it.
struct IdentityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity",
    abstract: "Print who a board is, or give it a new identity.",
    subcommands: [ShowIdentityCommand.self, RotateCommand.self],
    defaultSubcommand: ShowIdentityCommand.self)
}

/// `cairn identity show`, or `cairn identity`: who a board is, for those who will verify it.
struct ShowIdentityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print a board's DID, verifier key and public key (PEM). The private key is not read."
  )

  @Argument(help: "The board file, or a state directory.")
  var path: String

  @Option(help: StateLocation.help)
  var state: String?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    var directory = path
    let isBoardFile = path.hasSuffix(".yaml") || path.hasSuffix(".yml")
    if isBoardFile {
      directory = StateLocation.directory(of: try BoardFile.load(path).board, under: state)
    }
    let did: DIDKey
    do {
      did = try StateDirectory.publicIdentity(of: directory)
    } catch {
      let remedy =
        isBoardFile && state == nil
        ? "; where it ran with --state or $STATE_DIRECTORY, write --state with the same directory"
        : ""
      StandardStream.error.line(
        "cairn: \(error); a board makes its identity when it first runs\(remedy)")
      throw ExitCode.failure
    }
    if json {
      let document = JSON.object([
        ("did", .text(did.description)), ("vkey", .text(did.vkey)),
        ("pem", .text(did.publicKeyPEM)),
      ])
      StandardStream.output.line(document.text)
    } else {
      StandardStream.output.line("did   \(did)\nvkey  \(did.vkey)\n\n\(did.publicKeyPEM)")
    }
  }
}
