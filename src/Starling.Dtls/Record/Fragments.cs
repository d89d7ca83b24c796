namespace Starling.Dtls;

/// <summary>
/// The peer's messages until they are whole and their turn comes (RFC 6347 §4.2.2, §4.2.3): pieces in any order, twice, overlapping. It holds the next few
/// messages, each up to the limit of the settings.
/// </summary>
internal sealed class Fragments(int maxMessage)
{
    /// <summary>How many messages from the next one on are kept: a whole flight of a handshake with certificates.</summary>
    private const int Ahead = 6;

    private readonly Piecework?[] _kept = new Piecework?[Ahead];

    /// <summary>The number of the message that comes next.</summary>
    public ushort Next { get; set; }

    /// <summary>Keeps a piece. False when it is refused: too large, too far ahead, or it contradicts one that came before.</summary>
    public bool TryKeep(in HandshakeFragment fragment, bool isProtected)
    {
        var ahead = fragment.Sequence - Next;
        if (ahead is < 0 or >= Ahead || fragment.Length > maxMessage)
        {
            return false;
        }
        // What is kept for later may be no larger together than one message may be: nobody fills memory by claiming lengths.
        if (_kept[ahead] is null && ahead > 0 && _kept.Sum(k => k?.Body.Length ?? 0) + fragment.Length > maxMessage)
        {
            return false;
        }
        var kept = _kept[ahead] ??= new Piecework(fragment.Type, new byte[fragment.Length], isProtected);
        return kept.TryAdd(fragment, isProtected);
    }

    /// <summary>Hands over the next message when it is whole.</summary>
    public bool TryTakeNext(out Piecework? message)
    {
        message = _kept[0];
        if (message is not { IsWhole: true })
        {
            return false;
        }
        Advance();
        return true;
    }

    /// <summary>The next message has been taken, from here or from where it came.</summary>
    public void Advance()
    {
        Next++;
        Array.Copy(_kept, 1, _kept, 0, Ahead - 1);
        _kept[^1] = null;
    }

    /// <summary>One message of which pieces have come.</summary>
    internal sealed class Piecework(HandshakeType type, byte[] body, bool isProtected)
    {
        private readonly bool[] _has = new bool[body.Length];
        private int _missing = body.Length;

        public HandshakeType Type { get; } = type;

        public byte[] Body { get; } = body;

        public bool IsProtected { get; } = isProtected;

        public bool IsWhole => _missing == 0;

        /// <summary>Adds a piece; what is there already stays as it is.</summary>
        public bool TryAdd(in HandshakeFragment fragment, bool isProtected)
        {
            if (fragment.Type != Type || fragment.Length != Body.Length || isProtected != IsProtected)
            {
                return false;
            }
            for (var i = 0; i < fragment.Bytes.Length; i++)
            {
                var at = fragment.Offset + i;
                if (!_has[at])
                {
                    (_has[at], Body[at]) = (true, fragment.Bytes[i]);
                    _missing--;
                }
            }
            return true;
        }
    }
}
