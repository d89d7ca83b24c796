namespace Starling.Server;

/// <summary>
/// A table of objects that carry their own key: 8 bytes a place and nothing else, half to three quarters full. Each stripe has its own lock
/// and grows by itself, so no growing stops the whole table.
/// </summary>
internal sealed class StripedTable<TKey, TItem>
    where TKey : struct, ITableKey, IEquatable<TKey>
    where TItem : class, IKeyed<TKey>
{
    private const int Stripes = 64;
    private readonly Stripe[] _stripes = new Stripe[Stripes];

    public StripedTable()
    {
        for (var i = 0; i < Stripes; i++)
        {
            _stripes[i] = new Stripe();
        }
    }

    public TItem? Find(TKey key) => StripeOf(key).Find(key);

    /// <summary>Adds the item under the key that it has. False when another one has that key.</summary>
    public bool TryAdd(TItem item) => StripeOf(item.TableKey).TryAdd(item);

    /// <summary>Removes the item under the key that it still has.</summary>
    public bool Remove(TItem item) => StripeOf(item.TableKey).Remove(item);

    private Stripe StripeOf(TKey key) => _stripes[(int)(key.Hash & (Stripes - 1))];

    private sealed class Stripe
    {
        private readonly Lock _lock = new();
        private TItem?[] _places = new TItem?[8];
        private int _count;

        public TItem? Find(TKey key)
        {
            lock (_lock)
            {
                return _places[PlaceOf(key)];
            }
        }

        public bool TryAdd(TItem item)
        {
            lock (_lock)
            {
                if ((_count + 1) * 4 > _places.Length * 3)
                {
                    Grow();
                }
                ref var place = ref _places[PlaceOf(item.TableKey)];
                if (place is not null)
                {
                    return false;
                }
                place = item;
                _count++;
                return true;
            }
        }

        public bool Remove(TItem item)
        {
            lock (_lock)
            {
                var hole = PlaceOf(item.TableKey);
                if (!ReferenceEquals(_places[hole], item))
                {
                    return false;
                }
                _count--;
                Close(hole);
                return true;
            }
        }

        // The place of the key, or the free one where it would go.
        private int PlaceOf(TKey key)
        {
            var mask = _places.Length - 1;
            var place = First(key, mask);
            while (_places[place] is { } item && !item.TableKey.Equals(key))
            {
                place = (place + 1) & mask;
            }
            return place;
        }

        // Moves back what had to go further because this place was taken: no tombstones.
        private void Close(int hole)
        {
            var mask = _places.Length - 1;
            for (var next = (hole + 1) & mask; _places[next] is { } item; next = (next + 1) & mask)
            {
                var wanted = First(item.TableKey, mask);
                if (((next - wanted) & mask) >= ((next - hole) & mask))
                {
                    _places[hole] = item;
                    hole = next;
                }
            }
            _places[hole] = null;
        }

        private void Grow()
        {
            var old = _places;
            _places = new TItem?[old.Length * 2];
            foreach (var item in old)
            {
                if (item is not null)
                {
                    _places[PlaceOf(item.TableKey)] = item;
                }
            }
        }

        private static int First(TKey key, int mask) => (int)(key.Hash >> 6) & mask;
    }
}
