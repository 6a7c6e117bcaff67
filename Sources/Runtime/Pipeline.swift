import Board
import Drivers
import Evidence
import JSONText
import Kernels
import MerkleLog
import Quantities

/// What happens to a measurement: calibration, validity, kernels, the live topics and the batch.
///
/// One actor, so that everything happens in the order in which it was measured.
actor Pipeline {
  /// The largest difference between the clocks' pace that is no step, in nanoseconds.
  private static let clockStep: Int64 = 1_000_000_000
  /// The longest time between two ticks that counts as silence of a sensor, in milliseconds: what is
  /// longer is a machine that slept, not a sensor.
  private static let longestTick: UInt64 = 1000
  /// How long nothing may be heard of a sensor beyond two of its intervals, in milliseconds.
  private static let patience: UInt64 = 5000

  private let board: Board
  private let configuration: ConfigurationRecord
  private let version: String
  let recorder: Recorder
  private let publisher: Publisher?
  private let send: @Sendable (OutgoingMessage) -> Void
  private let topics: Topics
  private let witnesses: Witnesses?
  let retention: RetentionSettings
  let acknowledged: @Sendable () async -> UInt64
  private let alarm: @Sendable (String) -> Void
  private let tell: @Sendable (Event) -> Void
  private let remedy: @Sendable (LogFailure) -> String
  private let channels: [[String: ChannelReference]]

  private var kernels: KernelRow
  private var batch = Batch()
  private var calibrations: [[UInt8]?]
  var recordedCalibrations: [[UInt8]?]?
  private var lastClock: Moment?
  private var recordDeadline: Deadline
  private var checkpointDeadline: Deadline
  private var lastTick: UInt64?
  private var silences: [UInt64]
  private var isUrgent = false
  /// Whether entries of this start have no time, or one by a clock that was wrong.
  private var isTimeOwed = false
  private var isFailureTold = false
  var announcedPlan: (plan: RetentionPlan, size: UInt64, unsignedStatements: UInt64)?
  private var unsignedStatements: UInt64 = 0
  /// What is known of every sensor, in the board's order.
  private(set) var sensors: [SensorHealth]
  /// What is known of the buses.
  private(set) var buses = BusHealth()

  init(
    board: Board, boardFile: [UInt8], version: String, recorder: Recorder,
    publisher: Publisher?, topics: Topics, witnesses: Witnesses? = nil,
    retention: RetentionSettings? = nil,
    acknowledged: (@Sendable () async -> UInt64)? = nil,
    remedy: @escaping @Sendable (LogFailure) -> String = { _ in "" },
    alarm: @escaping @Sendable (String) -> Void = { _ in },
    tell: @escaping @Sendable (Event) -> Void = { _ in },
    send: @escaping @Sendable (OutgoingMessage) -> Void
  ) {
    self.board = board
    configuration = ConfigurationRecord(board: board, boardFile: boardFile, version: version)
    self.version = version
    self.recorder = recorder
    self.publisher = publisher
    self.topics = topics
    self.retention = retention ?? board.record.retention
    self.acknowledged = acknowledged ?? { await publisher?.cursor ?? 0 }
    self.witnesses = witnesses
    self.remedy = remedy
    self.alarm = alarm
    self.tell = tell
    self.send = send
    channels = board.sensors.map { sensor in
      Dictionary(
        sensor.references.map { ($0.channel, $0) }, uniquingKeysWith: { first, _ in first })
    }
    kernels = KernelRow(board.kernels)
    calibrations = board.sensors.map { _ in nil }
    sensors = board.sensors.map { _ in SensorHealth() }
    silences = board.sensors.map { _ in 0 }
    recordDeadline = Deadline(every: board.record.interval)
    checkpointDeadline = Deadline(every: board.record.checkpointInterval)
  }

  // MARK: Measurements

  /// Takes what one attempt of a sensor brought.
  func accept(_ acquisition: Acquisition) async {
    checkClock(acquisition.moment)
    let sensor = board.sensors[acquisition.sensor]
    silences[acquisition.sensor] = 0
    if let new = acquisition.calibration, let old = calibrations[acquisition.sensor], new != old {
      // What waits was decoded with the old bytes, so it must not come after the new ones.
      await record(at: acquisition.moment)
    }
    calibrations[acquisition.sensor] = acquisition.calibration ?? calibrations[acquisition.sensor]
    note(
      sensors[acquisition.sensor].note(acquisition), of: sensor.name, after: acquisition.steps,
      acquisition.moment)
    if let bus = sensor.bus {
      note(buses.note(sensors, of: board, bus), of: bus, acquisition.moment)
    }
    switch acquisition.outcome {
    case .failed(let cause): batch.appendGap(of: sensor.name, cause: cause, at: acquisition.moment)
    case .measured(let measurement, let raw):
      accept(measurement, raw: raw, of: acquisition.sensor, at: acquisition.moment)
    }
    if isUrgent || batch.isLarge { await record(at: acquisition.moment) }
  }

  /// Takes measurements that were not made, or made and not kept.
  func accept(_ loss: Intake.Loss) {
    sensors[loss.sensor].noteLoss(loss.missed)
    batch.appendGap(
      of: board.sensors[loss.sensor].name, cause: loss.cause, from: loss.from, to: loss.to,
      missed: loss.missed)
  }

  /// Signs a change of a sensor's or a bus's state, and tells the log of the program once.
  private func note(
    _ transition: SensorTransition?, of subject: String, after steps: [RecoveryStep] = [],
    _ moment: Moment
  ) {
    guard let event = transition?.event(of: subject, after: steps) else { return }
    append(event, moment)
    tell(event)
  }

  private func accept(
    _ measurement: Measurement, raw: [[UInt8]], of index: Int, at moment: Moment
  ) {
    let sensor = board.sensors[index]
    var records: [SenMLRecord] = []
    var outputs: [KernelRow.Output] = []
    for reading in measurement.readings {
      guard let channel = channels[index][reading.channel] else {
        batch.appendGap(
          of: "\(sensor.name).\(reading.channel)", cause: "the driver does not declare the channel",
          at: moment)
        continue
      }
      let settings = sensor.channels[reading.channel]
      guard let quantity = settings.map({ $0.calibrated(reading.quantity) }) ?? reading.quantity
      else {
        batch.appendGap(of: "\(channel)", cause: "value cannot be kept", at: moment)
        continue
      }
      if let valid = settings?.valid, !valid.contains(quantity.nano) {
        // Of a hidden channel not even that is told.
        let isHidden = board.record.hidden.contains(channel.channel, of: sensor.name)
        batch.appendGap(
          of: "\(channel)", cause: isHidden ? "value cannot be kept" : "value is outside 'valid'",
          at: moment)
        continue
      }
      let value = quantity.value
      let name = "\(sensor.name)/\(channel.channel)"
      guard let record = record(name, value, quantity.unit.code, moment.recordTime) else {
        // Kernels see what a replay of the log sees.
        batch.appendGap(of: "\(channel)", cause: "value cannot be recorded", at: moment)
        continue
      }
      records.append(record)
      let sample = Sample(nanoseconds: moment.recordNanoseconds, value: value)
      kernels.accept(sample, of: channel, into: &outputs)
    }
    for fault in measurement.faults {
      batch.appendGap(of: "\(sensor.name).\(fault.channel)", cause: fault.cause, at: moment)
    }
    // The raw bytes would tell what is hidden.
    let recordsRaw = board.record.includesRaw && !board.record.hidden.containsAny(of: sensor.name)
    batch.append(
      records, at: moment, raw: recordsRaw ? (sensor.name, raw) : nil, isHidden: isHidden)
    publish(records.filter { !isHidden($0) }, topic: topics.sensor(sensor.name))
    accept(outputs, at: moment)
  }

  private func accept(_ outputs: [KernelRow.Output], at moment: Moment) {
    // By kernel, so that what a kernel heard of another stands behind it in the log.
    var records: [Int: [SenMLRecord]] = [:]
    for output in outputs {
      let kernel = board.kernels[output.kernel]
      switch output.given {
      case .value(let number, let value, let nanoseconds, _):
        let time = moment.recordTime(atUnixNanoseconds: nanoseconds)
        let channel = kernel.outputs[number]
        if let record = record("\(kernel.name)/\(channel.name)", value, channel.unit.code, time) {
          records[output.kernel, default: []].append(record)
        } else {
          batch.appendGap(
            of: "\(kernel.name).\(channel.name)", cause: "value cannot be recorded", at: moment)
        }
      case .event(let event):
        append(event.event(of: kernel.name, hiding: board.record.hidden), moment)
      }
    }
    for (kernel, given) in records.sorted(by: { $0.key < $1.key }) {
      batch.append(given, at: moment, raw: nil, isHidden: isHidden)
      publish(given.filter { !isHidden($0) }, topic: topics.kernel(board.kernels[kernel].name))
    }
  }

  /// Whether a record stands in the log as a digest: `<urn>:<sensor or kernel>/<channel or output>`.
  private func isHidden(_ record: SenMLRecord) -> Bool {
    guard !board.record.hidden.isEmpty else { return false }
    let name = record.name.dropFirst(board.urn.count + 1)
    guard let slash = name.firstIndex(of: "/") else { return false }
    return board.record.hidden.contains(
      String(name[name.index(after: slash)...]), of: String(name[..<slash]))
  }

  private func record(
    _ name: String, _ value: Double, _ unit: String, _ time: Double?
  ) -> SenMLRecord? {
    try? SenMLRecord(
      name: "\(board.urn):\(name)", unit: unit.isEmpty ? nil : unit, timeSeconds: time,
      value: .number(value))
  }

  // MARK: Live topics and events

  private func publish(_ records: [SenMLRecord], topic: String) {
    guard !records.isEmpty else { return }
    send(
      OutgoingMessage(
        topic: topic, payload: Array(SenMLJSON.encode(records).utf8),
        contentType: MediaType.senMLJSON))
  }

  func append(_ event: Event, _ moment: Moment) {
    batch.append(event)
    if event.severity == .alarm { isUrgent = true }
    send(
      OutgoingMessage(
        topic: topics.event, payload: Array(EventText.json(event, at: moment).text.utf8),
        contentType: MediaType.json))
  }

  // MARK: Time

  /// A step of the system's moment is an event, and the kernels begin anew: their windows and holds
  /// mean nothing across it.
  private func checkClock(_ moment: Moment) {
    defer { lastClock = moment }
    guard let last = lastClock else { return }
    let bootPassed =
      (Int64(clamping: moment.bootMilliseconds) - Int64(clamping: last.bootMilliseconds))
      * 1_000_000
    let unixPassed = moment.unixNanoseconds - last.unixNanoseconds
    let step = unixPassed - bootPassed
    guard step.magnitude > UInt64(Self.clockStep) else { return }
    kernels.restart()
    isTimeOwed = true
    append(
      Event(
        kind: .clockStep, subject: "clock",
        details: [CBOR.Pair(.text("step_ms"), .integer(step / 1_000_000))], severity: .warning),
      moment)
  }

  /// Does what is due by time alone: closes windows, signs the batch, signs a head.
  func tick(_ moment: Moment) async {
    checkClock(moment)
    await checkLog(moment)
    watchForSilence(moment)
    accept(kernels.advance(to: moment.unixNanoseconds), at: moment)
    let now = moment.bootMilliseconds
    let isDue = recordDeadline.isDue(now)
    if isDue { await recorder.retry() }
    if isDue || isUrgent || batch.isLarge { await record(at: moment) }
    if checkpointDeadline.isDue(now) {
      await writeCheckpoint()
      await retain(at: moment)
    }
  }

  /// That nothing is signed any more is an alarm, though an unsigned one.
  private func checkLog(_ moment: Moment) async {
    let state = recorder.state
    if state.unsignedStatements != unsignedStatements {
      // What is signed next may not rely on a configuration that was not signed.
      unsignedStatements = state.unsignedStatements
      recordedCalibrations = nil
      isTimeOwed = true
    }
    guard !isFailureTold, let failure = state.failure else { return }
    isFailureTold = true
    alarm("nothing is signed any more: \(failure); \(remedy(failure))")
    append(
      Event(
        kind: .storage, subject: "log",
        details: [
          CBOR.Pair(.text("cause"), .text("nothing is signed any more: \(failure)")),
          CBOR.Pair(.text("remedy"), .text(remedy(failure))),
        ], severity: .alarm), moment)
    await publisher?.announce()
  }

  /// A sensor whose attempts do not even end, as on a bus that hangs, is a fault too.
  private func watchForSilence(_ moment: Moment) {
    let now = moment.bootMilliseconds
    let passed = min(Self.longestTick, now - min(now, lastTick ?? now))
    lastTick = now
    for (index, sensor) in board.sensors.enumerated() {
      silences[index] += passed
      let interval = UInt64(max(0, sensor.interval.nanoseconds / 1_000_000))
      guard silences[index] >= 2 * interval + Self.patience else { continue }
      note(
        sensors[index].noteSilence("an attempt does not end; \(Self.hanging(sensor)) hangs"),
        of: sensor.name, moment)
    }
  }

  private static func hanging(_ sensor: SensorDeclaration) -> String {
    sensor.bus.map { "'\($0)'" } ?? sensor.place
  }

  // MARK: Evidence

  /// Says that the board has started; the first thing that a start signs.
  func recordStart(at moment: Moment) async {
    let statement = Statement(
      type: .boot, moment: moment, body: .array([]),
      extra: .map([CBOR.Pair(.unsigned(1), .text(version))]))
    isTimeOwed = moment.stamp == nil
    let now = moment.bootMilliseconds
    recordDeadline = Deadline(every: board.record.interval, since: now)
    checkpointDeadline = Deadline(every: board.record.checkpointInterval, since: now)
    await sign([statement])
  }

  /// Signs what waits; the configuration goes before the first data that depends on it.
  private func record(at moment: Moment) async {
    isUrgent = false
    guard !batch.isEmpty else { return }
    var statements = batch.takeStatements(at: moment)
    if let sync = timeSync(at: moment) { statements.insert(sync, at: 0) }
    if recordedCalibrations == nil || recordedCalibrations != calibrations {
      statements.insert(
        Statement(
          type: .configuration, moment: moment,
          body: configuration.body(calibrations: calibrations)), at: 0)
      recordedCalibrations = calibrations
    }
    await sign(statements)
  }

  /// What gives the start's earlier entries a time, when the clock is set or was set anew.
  private func timeSync(at moment: Moment) -> Statement? {
    guard moment.stamp != nil else {
      isTimeOwed = true
      return nil
    }
    guard isTimeOwed else { return nil }
    isTimeOwed = false
    return Statement(type: .timeSync, moment: moment, body: .array([]))
  }

  private func sign(_ statements: [Statement]) async {
    // Not within the call below, which without a broker would not even be evaluated.
    let size = await recorder.record(statements)
    await publisher?.logGrew(to: size)
  }

  private func writeCheckpoint() async {
    if let checkpoint = await recorder.writeCheckpoint() {
      await publisher?.publish(checkpoint.note, of: checkpoint.size)
      await witnesses?.headChanged()
    }
  }

  /// Signs what is left, and the last head.
  func finish(at moment: Moment) async {
    await record(at: moment)
    await recorder.stopWaiting()
    await writeCheckpoint()
    await checkLog(moment)
  }
}
