/// What a watcher has seen, as a table that fits a terminal.
struct WatchTable {
  let state: WatchState
  /// Seconds since 1970.
  let now: Double
  let size: TerminalSize

  /// The lines of the table, none wider and no more than the terminal has.
  var lines: [String] {
    let lines = allLines.map { String($0.prefix(size.columns)) }
    guard lines.count > size.rows, size.rows > 1 else { return lines }
    let kept = lines.prefix(size.rows - 1)
    return kept + ["… \(lines.count - kept.count) more lines; make the terminal higher"]
  }

  private var allLines: [String] {
    var lines = ["cairn watch  ·  \(state.connection)"]
    for (board, log) in state.logs.sorted(by: { $0.key < $1.key }) {
      lines.append("")
      lines.append("board \(board)" + (log.isSimulated ? "  ·  SIMULATED, no evidence" : ""))
      lines.append("signer \(log.did)")
      lines.append(
        "log \(log.next) entries  ·  \(log.verified) seen and verified  ·  head \(head(log))")
      lines.append("")
      lines += tableLines(of: board)
    }
    if !state.events.isEmpty { lines += ["", "last events"] + state.events.map { "  " + $0 } }
    if !state.faults.isEmpty { lines += ["", "FAULTS"] + state.faults.map { "  " + $0 } }
    return lines
  }

  private func tableLines(of board: String) -> [String] {
    // What was measured comes before what was computed from it.
    let rows = state.rows.values.filter { $0.board == board }
      .sorted { ($0.isDerived ? 1 : 0, $0.name) < ($1.isDerived ? 1 : 0, $1.name) }
    let width = max(20, (rows.map(\.name.count).max() ?? 0) + 1)
    let head = row("reading", "value", "unit", "age", hasQuality ? "quality" : nil, "entry", width)
    return [head] + rows.map { row($0, width, entry: "\($0.sequence)") }
  }

  /// Whether any entry says something of the quality of its readings; else there is no column.
  private var hasQuality: Bool { state.rows.values.contains { $0.quality != nil } }

  private func row(_ row: WatchState.Row, _ width: Int, entry: String) -> String {
    let quality = hasQuality ? row.quality ?? "" : nil
    return self.row(row.name, row.value, row.unit, age(row.seconds), quality, entry, width)
  }

  /// What is new, as lines for a file or a pipe.
  func lines(_ news: WatchState.News) -> [String] {
    switch news {
    case .line(let line): [line]
    case .readings(let head, let rows):
      [head]
        + rows.map { row($0, 34, entry: "") }
        .map { String($0.reversed().drop { $0 == " " }.reversed()) }
    }
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
    _ name: String, _ value: String, _ unit: String, _ age: String, _ quality: String?,
    _ entry: String, _ width: Int
  ) -> String {
    "  " + name.padded(to: width) + value.padded(to: 13, right: true) + " " + unit.padded(to: 7)
      + age.padded(to: 8, right: true) + (quality.map { "  " + $0.padded(to: 15) } ?? "  ")
      + entry.padded(to: 6, right: true)
  }
}

extension String {
  fileprivate func padded(to width: Int, right: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - count))
    return right ? blanks + self : self + blanks
  }
}
