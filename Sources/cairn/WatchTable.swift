/// What a watcher has seen, as a table that fits a terminal.
struct WatchTable {
  let state: WatchState
  /// Seconds since 1970.
  let now: Double
  let columns: Int

  /// The lines of the table, none wider than the terminal.
  var lines: [String] {
    var lines = ["cairn watch  ·  \(state.connection)"]
    for (board, log) in state.logs.sorted(by: { $0.key < $1.key }) {
      lines.append("")
      lines.append("board \(board)" + (log.isSimulated ? "  ·  SIMULATED, no evidence" : ""))
      lines.append("signer \(log.did)")
      lines.append(
        "log \(log.next) entries  ·  \(log.verified) seen and verified  ·  head \(head(log))")
      lines.append("")
      lines.append(
        row("reading", "value", "unit", "age", "quality", "entry"))
      for reading in state.rows.values.filter({ $0.board == board })
        .sorted(by: { $0.name < $1.name })
      {
        lines.append(
          row(
            reading.name, reading.value, reading.unit, age(reading.seconds), reading.quality,
            "\(reading.sequence)"))
      }
    }
    if !state.events.isEmpty { lines += ["", "last events"] + state.events.map { "  " + $0 } }
    if !state.faults.isEmpty { lines += ["", "FAULTS"] + state.faults.map { "  " + $0 } }
    return lines.map { String($0.prefix(columns)) }
  }

  private func head(_ log: WatchState.Log) -> String {
    guard let checkpoint = log.checkpoint else { return "none yet" }
    return "\(checkpoint.size), signed and verified, \(age(checkpoint.seconds)) ago"
  }

  private func age(_ seconds: Double) -> String {
    let age = max(0, now - seconds)
    if age < 10 { return "\((age * 10).rounded() / 10) s" }
    if age < 120 { return "\(Int(age)) s" }
    return age < 7200 ? "\(Int(age / 60)) min" : "\(Int(age / 3600)) h"
  }

  private func row(
    _ name: String, _ value: String, _ unit: String, _ age: String, _ quality: String,
    _ entry: String
  ) -> String {
    "  " + name.padded(to: 28) + value.padded(to: 13, right: true) + " " + unit.padded(to: 7)
      + age.padded(to: 8, right: true) + "  " + quality.padded(to: 15)
      + entry.padded(to: 6, right: true)
  }
}

extension String {
  fileprivate func padded(to width: Int, right: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - count))
    return right ? blanks + self : self + blanks
  }
}
