import Board
import JSONText
import Quantities

/// The ways in which `cairn compute` writes what kernels gave.
struct ComputedOutput {
  let table: CSVTable
  /// The table's column of times.
  let time: Int?
  /// The file to write; nil for standard output.
  let path: String?

  private static let newline = UInt8(ascii: "\n")

  /// Writes the table's own rows, and a column for each output beside its columns or alone.
  func write(_ results: KernelColumns, _ samples: SampleTable, onlyOutputs: Bool) throws {
    let names = Array(results.names.map { table.field($0) }.joined(separator: [table.separator]))
    let start: [UInt8] =
      onlyOutputs
      ? time.map { Array(table.headerFields[$0]) + [table.separator] } ?? []
      : Array(table.header) + [table.separator]
    var sink = try ByteSink(path)
    try sink.write(start + names + [Self.newline])
    for row in table.lines.indices {
      var bytes: [UInt8] = []
      if !onlyOutputs {
        bytes += table.lines[row]
      } else if let time {
        bytes += try table.fields(of: row)[time]
      }
      for (index, column) in results.values.enumerated() {
        if index > 0 || !onlyOutputs || time != nil { bytes.append(table.separator) }
        let value = column[row]
        guard value.isFinite else { continue }
        // As the table has its own numbers.
        bytes += JSON.numberText(value).utf8.map {
          samples.hasDecimalCommas && $0 == UInt8(ascii: ".") ? UInt8(ascii: ",") : $0
        }
      }
      try sink.write(bytes + [Self.newline])
    }
    try sink.flush()
  }

  /// Writes a line for each value in its order: `time,name,value,unit`.
  func writeLines(of run: KernelRun, _ notice: (KernelRun.Output) -> Void) throws {
    let names = run.kernels.map { kernel in
      kernel.outputs.map { output in
        (name: CSVTable.field(kernel.name(of: output)), unit: CSVTable.field(output.unit.code))
      }
    }
    var sink = try ByteSink(path)
    try sink.write("time,name,value,unit\n".utf8)
    try run.forEach(givingUnchangedStates: false) { (output: KernelRun.Output) throws in
      notice(output)
      let (name, unit) = names[output.kernel][output.number]
      var line = Array(TableTime.text(output.nanoseconds, as: run.table.timeForm).utf8)
      line.append(UInt8(ascii: ","))
      line += name + [UInt8(ascii: ",")]
      line += JSON.numberText(output.value).utf8
      line.append(UInt8(ascii: ","))
      try sink.write(line + unit + [Self.newline])
    }
    try sink.flush()
  }
}
