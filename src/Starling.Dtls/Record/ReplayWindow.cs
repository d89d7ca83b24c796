namespace Starling.Dtls;

/// <summary>Which of the last 64 records of an epoch came already (RFC 6347 §4.1.2.6). Only authentic records are entered.</summary>
internal struct ReplayWindow
{
    private const int Width = 64;
    private const ulong Doubt = 4096;   // more records than a peer sends between an export and the end of a process
    private ulong _newest;
    private ulong _seen;   // bit n: newest - n; 0 in all: nothing came yet
    private ulong _doubt;  // below this number each newer record closes what is behind it

    /// <summary>The highest sequence number that came.</summary>
    public readonly ulong Newest => _newest;

    /// <summary>
    /// A window in which everything up to a number counts as seen. What came after that is not known: so the peer's next record closes all behind it, though it
    /// may have been on its way, and nothing of before is taken again once the peer has spoken.
    /// </summary>
    public static ReplayWindow ClosedAt(ulong newest) => new() { _newest = newest, _seen = ulong.MaxValue, _doubt = newest + Doubt };

    /// <summary>Whether a record may be new. Before it is authentic this says nothing more.</summary>
    public readonly bool Allows(ulong sequence) =>
        sequence > _newest || _seen == 0 || (_newest - sequence < Width && (_seen & (1UL << (int)(_newest - sequence))) == 0);

    /// <summary>Enters an authentic record; true when it is the newest.</summary>
    public bool Enter(ulong sequence)
    {
        if (_seen == 0 || sequence > _newest)
        {
            var shift = sequence - _newest;
            _seen = _newest < _doubt ? ulong.MaxValue : _seen == 0 || shift >= Width ? 1 : (_seen << (int)shift) | 1;
            _newest = sequence;
            return true;
        }
        _seen |= 1UL << (int)(_newest - sequence);
        return false;
    }
}
