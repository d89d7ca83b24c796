using System.Security.Cryptography;

namespace Starling.Server;

/// <summary>Gives registration ids. Random bytes are fetched many at a time: a system call a Register would cost more than the Register.</summary>
internal sealed class RegistrationIds(RandomNumberGenerator random)
{
    private const int Block = RegistrationId.Size * 256;
    private readonly Lock _lock = new();
    private readonly byte[] _bytes = new byte[Block];
    private int _used = Block;

    public RegistrationId Next()
    {
        lock (_lock)
        {
            if (_used == Block)
            {
                random.GetBytes(_bytes);
                _used = 0;
            }
            var own = _bytes.AsSpan(_used, RegistrationId.Size);
            _used += RegistrationId.Size;
            var id = RegistrationId.From(own);
            own.Clear();   // what was given out is not kept
            return id;
        }
    }
}
