import Board
import Evidence
import Kernels
import Quantities

/// A board's kernels, fed with the logged values, and what they gave that the log has not shown yet.
struct KernelReplay {
  private struct Key: Hashable {
    let name: String
    let microseconds: Int64
  }

  private let declarations: [KernelDeclaration]
  private var row: KernelRow
  /// What came out; of one name and time in its order.
  private var values: [Key: [Double]] = [:]
  /// What the log says and has not come out yet: where the board's clock told a kernel that nothing came,
  /// only the next sample tells it here.
  private var awaited: [Key: [(name: String, value: Double)]] = [:]
  /// What came of values that had waited.
  private var late = Verdict(sequence: 0, type: .data)
  private var events: [String: [KernelEvent]] = [:]
  /// What the board hides.
  private var hidden = HiddenRecords()
  /// Kernels that are hidden, or have an input that is, since a record is hidden that nothing opened.
  private var hiddenKernels: Set<String> = []
  /// Kernels that began at a moment which the log does not tell exactly.
  private var lostKernels: Set<String> = []

  init(declarations: [KernelDeclaration]) {
    self.declarations = declarations
    row = KernelRow(declarations)
  }

  /// Begins anew, as the board does at a start.
  mutating func restart(at nanoseconds: Int64?) {
    giveUp(at: nanoseconds)
    row.restart()
    values = [:]
    events = [:]
    lostKernels = []
    hiddenKernels = []
  }

  /// Begins anew, at a moment that is not known exactly.
  mutating func loseTrack(at nanoseconds: Int64? = nil) {
    restart(at: nanoseconds)
    lostKernels = Set(declarations.map(\.name))
  }

  /// Gives a logged value to the kernels.
  mutating func accept(_ record: SenMLRecord, named name: String, at seconds: Double?) {
    let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2, case .number(let value) = record.value else { return }
    guard let seconds else {
      // Without a time, which window it fell into is not told.
      lostKernels = Set(declarations.map(\.name))
      return
    }
    let sample = Sample(nanoseconds: Self.microseconds(seconds) * 1000, value: value)
    let channel = ChannelReference(
      sensor: parts[0], channel: parts[1], unit: Unit(code: record.unit ?? ""))
    for output in row.accept(sample, of: channel) { keep(output) }
  }

  /// Takes what came since the last call of values that an earlier entry says.
  mutating func collect(into verdict: inout Verdict) {
    verdict.add(late)
    late = Verdict(sequence: 0, type: .data)
  }

  /// Ends the log, or a run of the board: what has not come out by now does not.
  mutating func giveUp(at nanoseconds: Int64?) {
    if let nanoseconds, !awaited.isEmpty { closeWindows(upTo: nanoseconds) }
    for (key, logged) in awaited.sorted(by: { $0.key.microseconds < $1.key.microseconds }) {
      let kernel = String(key.name.prefix { $0 != "/" })
      for entry in logged {
        if lostKernels.contains(kernel) {
          late.skip(1, "the window began at a moment that the log does not tell")
        } else {
          late.differ(entry.name, logged: "\(entry.value)", computed: "nothing")
        }
      }
    }
    awaited = [:]
  }

  /// Compares a logged derived value with what came out.
  mutating func compare(_ record: SenMLRecord, named name: String, into verdict: inout Verdict) {
    guard case .number(let logged) = record.value else { return }
    let kernel = String(name.prefix { $0 != "/" })
    guard declarations.contains(where: { $0.name == kernel }) else {
      return verdict.skip(1, "the kernel is of another revision, or not in the configuration")
    }
    guard !hiddenKernels.contains(kernel) else {
      return verdict.skip(1, Self.hiddenReason)
    }
    guard let seconds = record.timeSeconds else {
      return verdict.skip(1, "a derived value without a time")
    }
    let key = Key(name: name, microseconds: Self.microseconds(seconds))
    closeWindows(upTo: key.microseconds * 1000)
    guard let value = values[key]?.first else {
      awaited[key, default: []].append((record.name, logged))
      return
    }
    if values[key]?.count == 1 { values[key] = nil } else { values[key]?.removeFirst() }
    compare(value, with: logged, of: record.name, kernel, into: &verdict)
  }

  private mutating func compare(
    _ value: Double, with logged: Double, of name: String, _ kernel: String,
    into verdict: inout Verdict
  ) {
    if value.bitPattern == logged.bitPattern {
      verdict.confirm()
      lostKernels.remove(kernel)
    } else if lostKernels.contains(kernel) {
      verdict.skip(1, "the window began at a moment that the log does not tell")
    } else {
      verdict.differ(name, logged: "\(logged)", computed: "\(value)")
    }
  }

  /// On the board the clock closes a window; here the logged result tells that it was closed.
  private mutating func closeWindows(upTo nanoseconds: Int64) {
    for output in row.advance(to: nanoseconds) { keep(output) }
  }

  private mutating func keep(_ output: KernelRow.Output) {
    let kernel = declarations[output.kernel]
    switch output.given {
    case .value(let number, let value, let nanoseconds, _):
      let name = "\(kernel.name)/\(kernel.outputs[number].name)"
      let key = Key(name: name, microseconds: nanoseconds / 1000)
      guard let logged = awaited[key]?.first else {
        values[key, default: []].append(value)
        return
      }
      if awaited[key]?.count == 1 { awaited[key] = nil } else { awaited[key]?.removeFirst() }
      var verdict = late
      compare(value, with: logged.value, of: logged.name, kernel.name, into: &verdict)
      late = verdict
    case .event(let event): events[kernel.name, default: []].append(event)
    }
  }

  /// Says what the board hides.
  mutating func hide(_ hidden: HiddenRecords) { self.hidden = hidden }

  /// Notes that a record is hidden which nothing opened: kernels over hidden channels cannot be computed
  /// again before the next start, and what waited for one of them does not come out.
  mutating func lackHiddenRecords() {
    guard hiddenKernels.isEmpty else { return }
    // In their order, so that those before are known.
    for declaration in declarations {
      let isHidden =
        hidden.containsAll(of: declaration.name)
        || declaration.inputs.contains {
          hidden.contains($0.channel, of: $0.sensor) || hiddenKernels.contains($0.sensor)
        }
      if isHidden { hiddenKernels.insert(declaration.name) }
    }
    for (key, logged) in awaited where isOfHiddenKernel(key) {
      late.skip(logged.count, Self.hiddenReason)
    }
    awaited = awaited.filter { !isOfHiddenKernel($0.key) }
    values = values.filter { !isOfHiddenKernel($0.key) }
    for kernel in hiddenKernels { events[kernel] = nil }
  }

  private static let hiddenReason = "the kernel or an input of it is hidden"

  private func isOfHiddenKernel(_ key: Key) -> Bool {
    hiddenKernels.contains(String(key.name.prefix { $0 != "/" }))
  }

  /// Compares a logged alarm of a kernel with what came out.
  mutating func compare(_ event: Event, of kernel: String, into verdict: inout Verdict) {
    guard declarations.contains(where: { $0.name == kernel }) else {
      return verdict.skip(1, "the kernel is of another revision, or not in the configuration")
    }
    guard !hiddenKernels.contains(kernel) else {
      return verdict.skip(1, Self.hiddenReason)
    }
    let expected = events[kernel]?.isEmpty == false ? events[kernel]?.removeFirst() : nil
    guard let expected else {
      if lostKernels.contains(kernel) {
        return verdict.skip(1, "the kernel began at a moment that the log does not tell")
      }
      return verdict.differ(event.subject, logged: "\(event.kind)", computed: "nothing")
    }
    let value = event.details?.first { $0.key == .text("value") }?.value.floatValue
    // An event about what is hidden does not tell the value.
    let isUntold =
      value == nil
      && (hidden.containsAll(of: kernel)
        || hidden.contains(expected.subject.channel, of: expected.subject.sensor))
    let isSame =
      "\(expected.subject)" == event.subject
      && (isUntold || value?.bitPattern == expected.value.bitPattern)
      && (event.kind != .recovered) == expected.isAlarm
    if isSame {
      verdict.confirm()
    } else {
      verdict.differ(
        event.subject, logged: "\(event.kind) \(value ?? .nan)",
        computed: "\(expected.isAlarm ? "anomaly" : "recovered") \(expected.value)")
    }
  }

  private static func microseconds(_ seconds: Double) -> Int64 {
    let microseconds = (seconds * 1e6).rounded()
    return microseconds.magnitude < 9e18 ? Int64(microseconds) : 0
  }
}
