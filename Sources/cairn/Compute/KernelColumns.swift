import Board
import Kernels

/// What kernels give over a table: a value or none for each row and each of their outputs.
struct KernelColumns {
  /// The columns' names, `kernel.output`.
  let names: [String]
  /// The values of every column; NaN where there is none.
  private(set) var values: [[Double]]

  private let offsets: [Int]
  /// How far back a row is looked for that has an output's time.
  private static let reach = 4096

  /// Runs kernels over the rows of a table, whose columns are in the order of `channels`.
  init(_ kernels: [KernelDeclaration], over table: SampleTable, channels: [ChannelReference]) {
    var row = KernelRow(kernels, givesUnchangedStates: true)
    var offsets: [Int] = []
    var names: [String] = []
    for kernel in kernels {
      offsets.append(names.count)
      names += kernel.outputs.map { "\(kernel.name).\($0.name)" }
    }
    self.offsets = offsets
    self.names = names
    values = names.map { _ in [Double](repeating: .nan, count: table.times.count) }
    let inlets = channels.map { row.inlet(of: $0) }
    var outputs: [KernelRow.Output] = []
    for index in table.times.indices {
      outputs.removeAll(keepingCapacity: true)
      for (column, inlet) in inlets.enumerated() {
        let sample = Sample(nanoseconds: table.times[index], value: table.values[column][index])
        row.accept(sample, at: inlet, into: &outputs)
      }
      for output in outputs { place(output, at: index, table.times) }
    }
    guard let last = table.times.indices.last else { return }
    for output in row.finish() { place(output, at: last, table.times) }
  }

  /// Puts a value into the row whose sample it belongs to; one whose time is between two rows, as
  /// the end of a window, into the later one.
  private mutating func place(_ output: KernelRow.Output, at row: Int, _ times: [Int64]) {
    guard case .value(let number, let value, let nanoseconds, let lag) = output.given else {
      return
    }
    let column = offsets[output.kernel] + number
    if row >= lag, times[row - lag] == nanoseconds {
      values[column][row - lag] = value
      return
    }
    var place = row
    while place > max(0, row - Self.reach), times[place - 1] >= nanoseconds { place -= 1 }
    values[column][place] = value
  }
}
