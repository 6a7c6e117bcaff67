import Board

/// What is to be said about a run beside its values.
struct KernelNotes {
  private static let isTaken =
    ", since the last row has the one before; --format long shows both"

  private let run: KernelRun
  private var hasGiven: [Bool]
  /// The end of the window that the end of the table cut off, by kernel.
  private var lastEnds: [Int64?]

  /// A run of which nothing is known yet.
  init(_ run: KernelRun) {
    self.run = run
    hasGiven = run.kernels.map { _ in false }
    lastEnds = run.kernels.map { _ in nil }
  }

  /// Takes notice of a value.
  mutating func take(_ output: KernelRun.Output) {
    hasGiven[output.kernel] = true
    guard output.isFinal, run.kernels[output.kernel].isOfWindow(output.number) else { return }
    lastEnds[output.kernel] = max(lastEnds[output.kernel] ?? .min, output.nanoseconds)
  }

  /// What to say, kernel by kernel; `columns` only where values stand in columns.
  ///
  /// A kernel that `lacksInputs` is not named again where it gave nothing.
  func lines(_ columns: KernelColumns?, lacksInputs: Set<String>) -> [String] {
    run.kernels.indices.flatMap { kernel -> [String] in
      let name = run.kernels[kernel].name
      guard hasGiven[kernel] else {
        return lacksInputs.contains(name) ? [] : ["kernel '\(name)' gave no value: \(hint(kernel))"]
      }
      var lines: [String] = []
      if let count = columns?.covered[kernel], count > 0 {
        lines.append(
          "\(count == 1 ? "one value" : "\(count) values") of '\(name)' "
            + "\(count == 1 ? "shares" : "share") a row with a later one and "
            + "\(count == 1 ? "is" : "are") not shown; --format long shows all")
      }
      let isHidden = columns?.withoutLast.contains(kernel) ?? false
      if let end = lastEnds[kernel] {
        if let line = lastWindow(of: kernel, until: end, isHidden: isHidden) { lines.append(line) }
      } else if isHidden {
        lines.append("the last value of '\(name)' is not shown\(Self.isTaken)")
      }
      return lines
    }
  }

  /// What to say of the last window, where it lacks rows or is not shown.
  private func lastWindow(of kernel: Int, until end: Int64, isHidden: Bool) -> String? {
    let times = times(of: kernel)
    guard let last = times.max() else { return nil }
    let isComplete = Self.reaches(end, last, times)
    guard isHidden || !isComplete else { return nil }
    func text(_ time: Int64) -> String { TableTime.text(time, as: run.table.timeForm) }
    let ends = "(ends \(text(end)), last row \(text(last)))"
    var line = "the last window of '\(run.kernels[kernel].name)' is "
    if !isComplete { line += "not complete \(ends)" }
    guard isHidden else { return line }
    line += isComplete ? "not shown \(ends)" : " and not shown"
    return line + Self.isTaken
  }

  /// Whether rows reach the end of a window: from the last one on, less than one and a half times the
  /// usual time between two rows, their median, is left.
  private static func reaches(_ end: Int64, _ last: Int64, _ times: [Int64]) -> Bool {
    let steps = zip(times.dropFirst(), times).compactMap { later, earlier -> Int64? in
      let (step, overflow) = later.subtractingReportingOverflow(earlier)
      return overflow || step <= 0 ? nil : step
    }.sorted()
    guard !steps.isEmpty else { return end <= last }
    let (left, overflow) = end.subtractingReportingOverflow(last)
    return !overflow && Int128(left) * 2 < Int128(steps[steps.count / 2]) * 3
  }

  /// The times of the rows that tell a kernel something; in a log, those of its own channels alone.
  private func times(of kernel: Int) -> [Int64] {
    guard run.isSparse else { return run.table.times }
    let columns = columns(of: kernel)
    return run.table.times.indices.filter { row in
      columns.contains { run.table.values[$0][row].isFinite }
    }.map { run.table.times[$0] }
  }

  /// The columns from which a kernel gets its values, over other kernels too.
  private func columns(of kernel: Int) -> [Int] {
    var names = run.kernels[kernel].inputs.map(\.description)
    // No kernel hears a later one.
    for other in run.kernels[..<kernel].reversed()
    where other.outputs.contains(where: { names.contains(other.name(of: $0)) }) {
      names += other.inputs.map(\.description)
    }
    return run.channels.indices.filter { names.contains(run.channels[$0].description) }
  }

  /// Why a kernel gave nothing, as far as that can be seen.
  private func hint(_ kernel: Int) -> String {
    let declaration = run.kernels[kernel]
    if run.table.times.isEmpty { return "there are no rows" }
    let silent = run.kernels[..<kernel].enumerated().filter { number, other in
      !hasGiven[number]
        && declaration.inputs.contains { input in
          other.outputs.contains { other.name(of: $0) == input.description }
        }
    }
    if let other = silent.first { return "'\(other.element.name)' gave none to it" }
    for (column, channel) in run.channels.enumerated()
    where declaration.inputs.contains(channel)
      && !run.table.values[column].contains(where: { $0.isFinite })
    {
      return "there is no number in column '\(channel)'"
    }
    if declaration.inputs.count > 1,
      let within = declaration.parameters.first(where: { $0.name == "within" })
    {
      return "its inputs may never come together; see 'within', which is \(within.text)"
    }
    return
      "its \(run.table.times.count == 1 ? "row" : "\(run.table.times.count) rows") may be too few"
      + ", or nothing in them is for it; 'cairn schema --kernels' says what"
      + " '\(declaration.specification.name)' does"
  }
}
