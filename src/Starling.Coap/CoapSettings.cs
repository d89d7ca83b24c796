namespace Starling.Coap;

/// <summary>The limits of CoAP. Every one has a default and a counter of what it refused.</summary>
public sealed record CoapSettings
{
    /// <summary>How peers are talked to unless their channel says otherwise.</summary>
    public Transmission Transmission { get; init; } = Transmission.Default;

    /// <summary>Limits of the message layer.</summary>
    public ReliabilitySettings Reliability { get; init; } = new();

    /// <summary>Limits of requests and their handlers.</summary>
    public RequestSettings Requests { get; init; } = new();

    /// <summary>Limits of block-wise transfers.</summary>
    public BlockwiseSettings Blockwise { get; init; } = new();

    /// <summary>Limits of the message layer (RFC 7252 §4).</summary>
    public sealed record ReliabilitySettings
    {
        /// <summary>An empty acknowledgement goes out when a handler has not answered by then; below ACK_TIMEOUT: 500 ms.</summary>
        public TimeSpan AcknowledgeAfter { get; init; } = TimeSpan.FromMilliseconds(500);

        /// <summary>How many of a peer's confirmable messages, and as many of its others, are remembered for duplicates: 8; 1 to 64.</summary>
        public int ExchangesPerPeer { get; init; } = 8;

        /// <summary>The bytes that remembered replies of all peers may take: 8 MiB; of another number the largest power of two within it. What no longer fits is forgotten, oldest first.</summary>
        public int RememberedReplyBytes { get; init; } = 8 << 20;

        /// <summary>How many messages may wait for a place under NSTART, a peer: 64.</summary>
        public int QueuedPerPeer { get; init; } = 64;

        /// <summary>How many options a message may have: 64.</summary>
        public int OptionsPerMessage { get; init; } = CoapDatagram.DefaultMaxOptions;

        /// <summary>What a peer whose address is not proven may be sent for each byte it sent: 3.</summary>
        public int AmplificationFactor { get; init; } = 3;

        /// <summary>What such a peer may be sent in any case, in bytes: 136.</summary>
        public int AmplificationFloor { get; init; } = 136;

        /// <summary>How many tokens of non-confirmable notifications a peer may still refuse by Reset: 4.</summary>
        public int RefusableNotifications { get; init; } = 4;
    }

    /// <summary>Limits of requests and their handlers.</summary>
    public sealed record RequestSettings
    {
        /// <summary>How long a response may take after the peer acknowledged the request: 93 s, MAX_TRANSMIT_WAIT. Between blocks, not in all.</summary>
        public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(93);

        /// <summary>How many requests of one peer may be with the handler at once: 8.</summary>
        public int HandlingPerPeer { get; init; } = 8;

        /// <summary>How many requests of all peers may be with the handler at once: 10 000.</summary>
        public int Handling { get; init; } = 10_000;

        /// <summary>How many of our requests may be open at once: 100 000.</summary>
        public int Pending { get; init; } = 100_000;

        /// <summary>Max-Age of a 5.03 that says we are full: 5 s.</summary>
        public TimeSpan BusyMaxAge { get; init; } = TimeSpan.FromSeconds(5);
    }

    /// <summary>Limits of block-wise transfers (RFC 7959).</summary>
    public sealed record BlockwiseSettings
    {
        /// <summary>The largest body that is assembled in memory, in either direction: 1 MiB. A sink or a source has no limit.</summary>
        public int MaxBody { get; init; } = 1 << 20;

        /// <summary>How many transfers a peer may have open at once, each way: 4.</summary>
        public int TransfersPerPeer { get; init; } = 4;

        /// <summary>The bytes that the transfers of all peers may hold: 64 MiB.</summary>
        public long TransferBytes { get; init; } = 64 << 20;

        /// <summary>How long an idle transfer is kept: 247 s, EXCHANGE_LIFETIME.</summary>
        public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(247);

        /// <summary>How often a transfer whose representation changed meanwhile begins again: 3.</summary>
        public int Restarts { get; init; } = 3;
    }
}
