import Board

/// What kernels give over a table: a value or none for each row and each of their outputs.
struct KernelColumns {
  /// The columns' names, `kernel.output`.
  let names: [String]
  /// The values of every column; NaN where there is none.
  private(set) var values: [[Double]]
  /// How many values of each kernel are not shown, since a later one stands in their row.
  private(set) var covered: [Int]
  /// The kernels whose last window is not shown, since the last row has the window before.
  private(set) var withoutLast: Set<Int> = []

  private let times: [Int64]
  private let isSparse: Bool
  private let offsets: [Int]
  private var newest: [Newest]
  /// How far back a row is looked for that has an output's time.
  private static let reach = 4096

  /// The value that was put into a column last.
  private struct Newest {
    var row = -1
    var nanoseconds: Int64 = 0
  }

  /// Empty columns for the outputs of a run.
  init(_ run: KernelRun) {
    var offsets: [Int] = []
    var names: [String] = []
    for kernel in run.kernels {
      offsets.append(names.count)
      names += kernel.outputs.map { kernel.name(of: $0) }
    }
    self.offsets = offsets
    self.names = names
    times = run.table.times
    isSparse = run.isSparse
    covered = run.kernels.map { _ in 0 }
    let count = run.table.times.count
    values = names.map { _ in [Double](repeating: .nan, count: count) }
    newest = names.map { _ in Newest() }
  }

  /// Puts a value into the row that it belongs to, in place of one that is there.
  mutating func place(_ output: KernelRun.Output) {
    let column = offsets[output.kernel] + output.number
    let row = row(of: output)
    if values[column][row].isFinite {
      let last = newest[column].row == row ? newest[column] : Newest(nanoseconds: times[row])
      // What is given twice for one time was given better the second time.
      if last.nanoseconds != output.nanoseconds {
        // A window that the end cuts off is no reason to lose a whole one.
        if output.isFinal, output.nanoseconds > times[row] {
          withoutLast.insert(output.kernel)
          return
        }
        covered[output.kernel] += 1
      }
    }
    values[column][row] = output.value
    newest[column] = Newest(row: row, nanoseconds: output.nanoseconds)
  }

  /// The row whose sample a value belongs to; for one whose time is between two rows, as the end of
  /// a window, the later one.
  private func row(of output: KernelRun.Output) -> Int {
    let (row, lag, nanoseconds) = (output.row, output.lag, output.nanoseconds)
    if row >= lag, times[row - lag] == nanoseconds { return row - lag }
    if isSparse,
      let place = (max(0, row - Self.reach)...row).last(where: { times[$0] == nanoseconds })
    {
      // Rows of a log are in the order in which they were recorded, which is not that of their times.
      return place
    }
    var place = row
    while place > max(0, row - Self.reach), times[place - 1] >= nanoseconds { place -= 1 }
    return place
  }
}
