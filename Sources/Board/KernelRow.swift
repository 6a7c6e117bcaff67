public import Kernels

/// All kernels of a board, each fed with the streams that it listens to.
///
/// A value that a kernel gives goes to its listeners at once, so that one sample runs through the
/// whole graph before the next. The kernels are in an order in which no kernel listens to a later
/// one.
public struct KernelRow: Sendable {
  /// What a kernel gave.
  public struct Output: Hashable, Sendable {
    /// The kernel's number.
    public let kernel: Int
    /// What it gave.
    public let given: KernelOutputs.Given
  }

  /// Where the samples of one stream go in.
  public struct Inlet: Sendable {
    fileprivate let listeners: [Listener]
  }

  fileprivate struct Listener: Sendable {
    let kernel: Int
    let input: Int
  }

  /// The kernels as they were declared.
  public let declarations: [KernelDeclaration]
  private let givesUnchangedStates: Bool
  private let listeners: [ChannelReference: [Listener]]
  private let followers: [[[Listener]]]
  private var kernels: [any StreamKernel]
  private var states: [[Double?]]
  /// One for each kernel, so that what it gives needs no new room.
  private var rooms: [KernelOutputs]

  /// Kernels that have seen nothing yet.
  ///
  /// With `givesUnchangedStates`, outputs that are states are given for every sample, not for
  /// changes only.
  public init(_ declarations: [KernelDeclaration], givesUnchangedStates: Bool = false) {
    self.declarations = declarations
    self.givesUnchangedStates = givesUnchangedStates
    kernels = declarations.map { $0.kernel }
    var listeners: [ChannelReference: [Listener]] = [:]
    for (kernel, declaration) in declarations.enumerated() {
      for (input, channel) in declaration.inputs.enumerated() {
        listeners[channel, default: []].append(Listener(kernel: kernel, input: input))
      }
    }
    self.listeners = listeners
    followers = declarations.map { declaration in
      declaration.kernel.outputs.map { listeners[declaration.reference(to: $0)] ?? [] }
    }
    states = declarations.map { $0.kernel.outputs.map { _ in nil } }
    rooms = declarations.map { _ in KernelOutputs() }
  }

  /// Where the samples of a channel go in, for those who give many.
  public func inlet(of channel: ChannelReference) -> Inlet {
    Inlet(listeners: listeners[channel] ?? [])
  }

  /// Gives a sample to the kernels that listen to its stream, and what they give to theirs.
  public mutating func accept(_ sample: Sample, at inlet: Inlet, into outputs: inout [Output]) {
    for listener in inlet.listeners { feed(sample, to: listener, into: &outputs) }
  }

  /// Gives a sample of a channel to the kernels that listen to it, and what they give to theirs.
  public mutating func accept(
    _ sample: Sample, of channel: ChannelReference, into outputs: inout [Output]
  ) {
    accept(sample, at: inlet(of: channel), into: &outputs)
  }

  /// Gives a sample of a channel to the kernels that listen to it, and what they give to theirs.
  public mutating func accept(_ sample: Sample, of channel: ChannelReference) -> [Output] {
    var outputs: [Output] = []
    accept(sample, of: channel, into: &outputs)
    return outputs
  }

  /// Tells all kernels how late it is.
  public mutating func advance(to nanoseconds: Int64) -> [Output] {
    var outputs: [Output] = []
    for kernel in kernels.indices {
      kernels[kernel].advance(to: nanoseconds, into: &rooms[kernel])
      pass(kernel, into: &outputs)
    }
    return outputs
  }

  /// Tells all kernels that no sample will come any more.
  public mutating func finish() -> [Output] {
    var outputs: [Output] = []
    for kernel in kernels.indices {
      kernels[kernel].finish(into: &rooms[kernel])
      pass(kernel, into: &outputs)
    }
    return outputs
  }

  /// Forgets everything, as after a step of the clock.
  public mutating func restart() {
    kernels = declarations.map { $0.kernel }
    states = declarations.map { $0.kernel.outputs.map { _ in nil } }
  }

  private mutating func feed(
    _ sample: Sample, to listener: Listener, into outputs: inout [Output]
  ) {
    kernels[listener.kernel].accept(
      sample, input: listener.input, into: &rooms[listener.kernel])
    pass(listener.kernel, into: &outputs)
  }

  /// Takes what a kernel gave, and gives its values to those that listen to them.
  private mutating func pass(_ kernel: Int, into outputs: inout [Output]) {
    guard !rooms[kernel].given.isEmpty else { return }
    for index in rooms[kernel].given.indices {
      let given = rooms[kernel].given[index]
      guard case .value(let output, let value, let nanoseconds, _) = given else {
        outputs.append(Output(kernel: kernel, given: given))
        continue
      }
      let isNews = states[kernel][output] != value
      states[kernel][output] = value
      if isNews || givesUnchangedStates || !declarations[kernel].outputs[output].isState {
        outputs.append(Output(kernel: kernel, given: given))
      }
      // What a window gives belongs to the time before its end, also in a longer window.
      let time = declarations[kernel].outputs[output].isOfWindow ? nanoseconds &- 1 : nanoseconds
      for follower in followers[kernel][output] {
        feed(Sample(nanoseconds: time, value: value), to: follower, into: &outputs)
      }
    }
    rooms[kernel].removeAll()
  }
}

extension KernelDeclaration {
  /// An output of the kernel, as others listen to it.
  func reference(to output: KernelChannel) -> ChannelReference {
    ChannelReference(sensor: name, channel: output.name, unit: output.unit)
  }
}
