import Board
import Evidence

extension KernelEvent {
  /// What a kernel noticed, as the log has it; of a hidden channel or by a hidden kernel, that it did
  /// and nothing more.
  func event(of kernel: String, hiding hidden: HiddenRecords) -> Event {
    var details = [CBOR.Pair(.text("kernel"), .text(kernel))]
    let isHidden =
      hidden.containsAll(of: kernel) || hidden.contains(subject.channel, of: subject.sensor)
    if !isHidden {
      details.append(CBOR.Pair(.text("reason"), .text(reason)))
      details.append(CBOR.Pair(.text("value"), .float(value)))
    }
    let kind: EventKind = isOfQuality ? .quality : .anomaly
    let severity: EventSeverity = isOfQuality ? .warning : .alarm
    return Event(
      kind: isAlarm ? kind : .recovered, subject: "\(subject)", details: details,
      severity: isAlarm ? severity : .info)
  }
}
