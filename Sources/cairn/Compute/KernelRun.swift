import Board
import Kernels

/// Kernels over the rows of a table, which has a column for each of the channels.
struct KernelRun {
  /// A value that a kernel gave.
  struct Output {
    let kernel: Int
    /// The output's number within its kernel.
    let number: Int
    let value: Double
    /// Its own stamp, as a board would record it.
    let nanoseconds: Int64
    /// How many samples before the last it belongs to.
    let lag: Int
    /// The row that made the kernel give it.
    let row: Int
    /// Whether it was given because no row follows.
    let isFinal: Bool
  }

  let kernels: [KernelDeclaration]
  let table: SampleTable
  /// The table's columns of numbers, in their order.
  let channels: [ChannelReference]
  /// Whether an empty field says nothing at all, as in a log, where every channel has its own times;
  /// else it says that a value is missing.
  let isSparse: Bool

  /// Runs the kernels from the first row to the last, then to the end of all streams.
  ///
  /// States are given for every row, or as a board records them, when they change.
  func forEach<Failure: Error>(
    givingUnchangedStates: Bool, _ take: (Output) throws(Failure) -> Void
  ) throws(Failure) {
    var row = KernelRow(kernels, givesUnchangedStates: givingUnchangedStates)
    let inlets = channels.map { row.inlet(of: $0) }
    var outputs: [KernelRow.Output] = []
    for index in table.times.indices {
      outputs.removeAll(keepingCapacity: true)
      for (column, inlet) in inlets.enumerated() {
        let sample = Sample(nanoseconds: table.times[index], value: table.values[column][index])
        if isSparse, sample.value.isNaN { continue }
        row.accept(sample, at: inlet, into: &outputs)
      }
      for output in outputs {
        if let given = Output(output, row: index, isFinal: false) { try take(given) }
      }
    }
    guard let last = table.times.indices.last else { return }
    for output in row.finish() {
      if let given = Output(output, row: last, isFinal: true) { try take(given) }
    }
  }
}

extension KernelRun.Output {
  /// Nil for an event.
  fileprivate init?(_ output: KernelRow.Output, row: Int, isFinal: Bool) {
    guard case .value(let number, let value, let nanoseconds, let lag) = output.given else {
      return nil
    }
    kernel = output.kernel
    self.number = number
    self.value = value
    self.nanoseconds = nanoseconds
    self.lag = lag
    self.row = row
    self.isFinal = isFinal
  }
}

extension KernelDeclaration {
  /// The name of an output's column.
  func name(of output: KernelChannel) -> String { "\(name).\(output.name)" }

  /// Whether the values of an output are of windows, whose end may lie behind the last row.
  func isOfWindow(_ output: Int) -> Bool {
    // To other kernels its values are those of a filter, so that old logs are computed alike.
    outputs[output].isOfWindow || specification.name == "throttle-average"
  }
}
