import ArgumentParser
import Evidence
import LogDirectory
import MerkleLog

/// `cairn log receipt`: an entry's inclusion for users of COSE and SCITT.
struct ReceiptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "receipt",
    abstract: "Write the receipt of one entry (RFC 9942), signed with the board's key.",
    discussion: """
      The receipt proves that the entry is in the tree of the last signed head, whose root its reader \
      computes. It is made on the board, since it is signed; the log need not stop for it.
      """)

  @Argument(help: "The board's state directory.")
  var path: String

  @Argument(help: "The entry's number.")
  var seq: UInt64

  @Flag(help: "Write the signed statement with the receipt attached (.scitt).")
  var statement = false

  @Option(name: .shortAndLong, help: "The file to write.")
  var output: String

  func run() throws {
    do {
      let (entry, receipt) = try StateDirectory.receipt(of: seq, in: path)
      try FileBytes.write(
        statement ? try receipt.attached(to: entry) : receipt.bytes, to: output)
      StandardStream.output.line(
        "\(output): entry \(seq) of \(receipt.issuer), in a tree of \(receipt.proof.size) entries")
    } catch {
      StandardStream.error.line("cairn: \(error)")
      throw ExitCode.failure
    }
  }
}
