import ArgumentParser
import Board
import BoardYAML
import Evidence
import LogDirectory
import Replay

/// `cairn log replay`: computes what a log says again, from what the chips sent.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Compute values from raw bytes and aggregates from values, and compare bit for bit.",
    discussion: """
      Prints a line for everything that differs, then what could not be computed, by the reason, and \
      a summary. Hidden records are computed where the directory has what opens them. Exit 0 where \
      nothing differs. Signatures are checked by 'cairn verify'.
      """)

  @Argument(help: "The directory of a log.")
  var path: String

  @Flag(help: "Print lines for every entry, with what could not be computed in it.")
  var all = false

  func run() throws {
    let log = try LogCommand.open(path)
    var replay = LogReplay { bytes in
      let (node, diagnostics) = BoardYAML.node(parsing: bytes)
      guard let node, diagnostics.isEmpty else { return nil }
      return try? BoardReader.board(from: node, fileSize: bytes.count).get()
    }
    var totals = ReplayTotals()
    let store = DisclosureStore(stateDirectory: path)
    do {
      for index in try log.keptBundles {
        for (_, bytes) in try log.bundle(index) {
          let signed = try SignedEntry(parsing: bytes)
          let verdict = replay.accept(signed, disclosures: try store.disclosures(of: signed))
          totals.add(verdict)
          for line in ReplayText.lines(verdict, all: all) { StandardStream.output.line(line) }
        }
      }
      let last = replay.finish()
      totals.add(last)
      for line in ReplayText.lines(last, all: all) { StandardStream.output.line(line) }
    } catch {
      StandardStream.error.line("cairn: \(error)")
      throw ExitCode.failure
    }
    for line in totals.lines { StandardStream.output.line(line) }
    guard totals.differences == 0 else { throw ExitCode.failure }
  }
}

/// What a whole replay came to.
private struct ReplayTotals {
  var recomputed = 0
  var skipped: [String: Int] = [:]
  var differences = 0

  mutating func add(_ verdict: Verdict) {
    recomputed += verdict.recomputed
    skipped.merge(verdict.skipped, uniquingKeysWith: +)
    differences += verdict.differences.count
  }

  /// What could not be computed, the most frequent reason first, and the sums.
  var lines: [String] {
    let reasons = skipped.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return reasons.map { "not recomputable: \($0.value): \($0.key)" } + [
      "recomputed \(recomputed) values to the last bit, \(skipped.values.reduce(0, +)) not "
        + "recomputable, \(differences) differ"
    ]
  }
}

/// Verdicts as lines.
private enum ReplayText {
  static func lines(_ verdict: Verdict, all: Bool) -> [String] {
    let head = "entry \(verdict.sequence) (\(verdict.type))"
    var lines: [String] = []
    if all {
      lines.append("\(head): \(verdict.recomputed) recomputed")
      for (reason, count) in verdict.skipped.sorted(by: { $0.key < $1.key }) {
        lines.append("\(head): \(count) not recomputable: \(reason)")
      }
    }
    for difference in verdict.differences {
      lines.append(
        "\(head): DIFFERS \(difference.name): logged \(difference.logged), computed \(difference.computed)"
      )
    }
    return lines
  }
}
