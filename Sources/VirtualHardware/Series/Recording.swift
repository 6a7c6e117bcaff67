/// A series that somebody recorded: rows in the order of time, with some columns of numbers.
///
/// Every row speaks for one normal step, the median distance of two rows. A cell may be missing.
/// A recording costs eight bytes for a row's time and eight for each cell that is kept.
public struct Recording: Sendable {
  /// The name by which stimuli refer to the recording.
  public let name: String
  /// The names of the columns that are kept, in the order of the text.
  public let columns: [String]
  /// The normal distance of two rows, in nanoseconds.
  public let stepNanoseconds: Int64

  let form: RecordingTime.Form
  let times: [Int64]
  let cells: [[Double]]

  /// Takes rows that are sorted and have two members at least; missing cells are not-a-number.
  init(
    name: String, columns: [String], form: RecordingTime.Form, times: [Int64], cells: [[Double]]
  ) {
    self.name = name
    self.columns = columns
    self.form = form
    self.times = times
    self.cells = cells
    let gaps = zip(times.dropFirst(), times).map { $0 - $1 }.sorted()
    stepNanoseconds = gaps.isEmpty ? 1 : gaps[gaps.count / 2]
  }

  /// The number of rows.
  public var count: Int { times.count }

  /// The time of a row in nanoseconds since the start of 1970, in the recording's own zone.
  ///
  /// Nil where there is no such row.
  public func nanoseconds(ofRow row: Int) -> Int64? {
    times.indices.contains(row) ? times[row] : nil
  }

  /// The cell of a column in a row; nil where it is missing, or there is no such column or row.
  public func value(of column: String, inRow row: Int) -> Double? {
    guard let index = columns.firstIndex(of: column), times.indices.contains(row) else {
      return nil
    }
    let value = cells[index][row]
    return value.isNaN ? nil : value
  }

  /// The first and the last time, as the recording writes them.
  public var extent: (first: String, last: String) {
    (text(times.first ?? 0), text(times.last ?? 0))
  }

  /// The time after which a recording that is played again and again starts anew.
  var periodNanoseconds: Int64 { (times.last ?? 0) - (times.first ?? 0) + stepNanoseconds }

  /// The last row that is not later than a time; the first row for earlier times.
  func row(notAfter nanoseconds: Int64) -> Int {
    var low = 0
    var high = times.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if times[middle] <= nanoseconds { low = middle } else { high = middle }
    }
    return low
  }

  func text(_ nanoseconds: Int64) -> String {
    RecordingTime(form: form, nanoseconds: nanoseconds).description
  }
}
