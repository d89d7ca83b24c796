using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server.Tests;

/// <summary>What every <see cref="IDeviceStore"/> must do. A store's own tests derive from it.</summary>
public abstract class DeviceStoreContract
{
    private static readonly DateTimeOffset _noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The store of this test, empty at first.</summary>
    protected abstract IDeviceStore Store { get; }

    [Fact]
    public async Task Store_keeps_a_state_only_on_the_version_it_has()
    {
        Assert.False(await Store.SaveAsync(State(1), 5, default));
        Assert.True(await Store.SaveAsync(State(1), 0, default));
        Assert.False(await Store.SaveAsync(State(1), 0, default));
        Assert.True(await Store.SaveAsync(State(2), 1, default));
        Assert.False(await Store.SaveAsync(State(2), 1, default));
        Assert.Equal(2, Assert.Single(await AllAsync()).Version);
    }

    [Fact]
    public async Task Store_forgets_a_state_only_on_the_version_it_has()
    {
        Assert.False(await Store.DeleteAsync(State(1).Key, 1, default));
        Assert.True(await Store.SaveAsync(State(1), 0, default));
        Assert.False(await Store.DeleteAsync(State(1).Key, 2, default));
        Assert.True(await Store.DeleteAsync(State(1).Key, 1, default));
        Assert.False(await Store.DeleteAsync(State(1).Key, 1, default));
        Assert.Empty(await AllAsync());
        Assert.True(await Store.SaveAsync(State(1), 0, default));
    }

    [Fact]
    public async Task Store_gives_back_everything_of_a_state()
    {
        var full = Full("a", 1);
        Assert.True(await Store.SaveAsync(full, 0, default));
        AssertSame(full, Assert.Single(await AllAsync()));
    }

    [Fact]
    public async Task Store_gives_back_a_state_without_anything_in_it()
    {
        Assert.True(await Store.SaveAsync(State(1), 0, default));
        AssertSame(State(1), Assert.Single(await AllAsync()));
    }

    [Fact]
    public async Task Store_gives_back_who_the_device_had_proven_to_be()
    {
        PeerIdentity.Certificate certificate = new("CN=dev-1, O=Acme", "dev-1", ["dev-1.example", "urn:dev:7"], new string('c', 64)) { Credential = "ca" };
        PeerIdentity[] identities = [new PeerIdentity.PreSharedKey("dev-1"), new PeerIdentity.PublicKey(new string('a', 64)) { Credential = "k" }, certificate, PeerIdentity.None];
        for (var i = 0; i < identities.Length; i++)
        {
            var state = Full($"d{i}", 1);
            Assert.True(await Store.SaveAsync(state with { Registration = state.Registration with { Identity = identities[i] } }, 0, default));
        }
        var kept = (await AllAsync()).OrderBy(s => s.Key).Select(s => s.Registration.Identity).ToArray();
        Assert.Equal((identities[0], identities[1], identities[3]), (kept[0], kept[1], kept[3]));
        var read = Assert.IsType<PeerIdentity.Certificate>(kept[2]);
        Assert.Equal<string>(certificate.Names, read.Names);
        Assert.Equal(certificate, read with { Names = certificate.Names });
    }

    [Fact]
    public async Task Renewal_changes_the_time_and_nothing_else()
    {
        var full = Full("a", 1);
        await Store.SaveAsync(full, 0, default);
        Assert.False(await Store.RenewAsync(full.Key, _noon.AddSeconds(9), null, 2, default));
        Assert.True(await Store.RenewAsync(full.Key, _noon.AddSeconds(9), null, 1, default));
        Assert.False(await Store.RenewAsync(full.Key, _noon.AddSeconds(10), null, 1, default));
        Assert.False(await Store.RenewAsync(new DeviceKey("nobody"), _noon, null, 0, default));
        var kept = Assert.Single(await AllAsync());
        AssertSame(full.Renewed(_noon.AddSeconds(9), null), kept);
        Assert.Equal((2, full.Registration.Address), (kept.Version, kept.Registration.Address));
        Assert.Equal(_noon.AddSeconds(9 + full.Registration.Lifetime), kept.Registration.ExpiresAt);
    }

    [Fact]
    public async Task Renewal_from_elsewhere_changes_the_address_too()
    {
        var full = Full("a", 1);
        var moved = new PeerAddress("udp", "198.51.100.7:40000");
        await Store.SaveAsync(full, 0, default);
        Assert.True(await Store.RenewAsync(full.Key, _noon.AddSeconds(9), moved, 1, default));
        AssertSame(full.Renewed(_noon.AddSeconds(9), moved), Assert.Single(await AllAsync()));
        Assert.True(await Store.SaveAsync(Full("a", 3), 2, default));
        AssertSame(Full("a", 3), Assert.Single(await AllAsync()));
    }

    [Fact]
    public async Task Names_that_look_alike_are_different_devices()
    {
        string[] names = ["a", "A", "a ", "a\0", "a\0b", "a\0c", "ä", "a\u0308", "'; DROP TABLE devices; --", "%", "😀"];
        foreach (var name in names)
        {
            Assert.True(await Store.SaveAsync(Full(name, 1), 0, default), name);
        }
        foreach (var key in names.Select(n => new DeviceKey("other", n)))
        {
            Assert.True(await Store.SaveAsync(Full(key, 1), 0, default), key.ToString());
        }
        var kept = await AllAsync();
        Assert.Equal(names.Concat(names).Order(StringComparer.Ordinal), kept.Select(s => s.Key.Endpoint).Order(StringComparer.Ordinal));
        Assert.True(await Store.DeleteAsync(new DeviceKey("a\0b"), 1, default));
        Assert.Equal((names.Length * 2) - 1, (await AllAsync()).Count);
    }

    [Fact]
    public async Task States_of_one_device_that_come_at_once_are_kept_in_their_order()
    {
        await Store.SaveAsync(Full("a", 1), 0, default);
        var saves = Enumerable.Range(2, 200).Select(v => (v % 3) switch
        {
            0 => Store.SaveAsync(Full("a", v), v - 1, default),
            _ => Store.RenewAsync(new DeviceKey("a"), _noon.AddSeconds(v), null, v - 1, default),
        }).Select(s => s.AsTask()).ToArray();
        Assert.All(await Task.WhenAll(saves), Assert.True);
        Assert.Equal(201, Assert.Single(await AllAsync()).Version);
    }

    [Fact]
    public async Task Many_devices_come_back_each_once()
    {
        var saves = Enumerable.Range(0, 2500).Select(i => Store.SaveAsync(Full($"dev-{i}", 1), 0, default).AsTask()).ToArray();
        Assert.All(await Task.WhenAll(saves), Assert.True);
        Assert.Equal(2500, (await AllAsync()).Select(s => s.Key).Distinct().Count());
    }

    /// <summary>Everything that the store keeps.</summary>
    protected async Task<List<DeviceState>> AllAsync()
    {
        var all = new List<DeviceState>();
        await foreach (var state in Store.LoadAllAsync(default))
        {
            all.Add(state);
        }
        return all;
    }

    /// <summary>Compares everything: records by their values, what they hold by its parts.</summary>
    protected static void AssertSame(DeviceState expected, DeviceState actual)
    {
        Assert.Equal((expected.Key, expected.Version), (actual.Key, actual.Version));
        Assert.Equal((expected.EndedAt, expected.AwakeWindow, expected.PreferredFormat), (actual.EndedAt, actual.AwakeWindow, actual.PreferredFormat));
        Assert.Equal(expected.RefusedFormats, actual.RefusedFormats);
        Assert.Equal(expected.Observations.Select(o => o with { Paths = [] }), actual.Observations.Select(o => o with { Paths = [] }));
        Assert.Equal(expected.Observations.Select(o => string.Join(' ', o.Paths)), actual.Observations.Select(o => string.Join(' ', o.Paths)));
        var (told, kept) = (expected.Registration.Links, actual.Registration.Links);
        Assert.Equal((told.Text, told.Root), (kept.Text, kept.Root));
        Assert.Equal(told.Paths, kept.Paths);
        Assert.Equal(told.Formats, kept.Formats);
        Assert.Equal(told.Versions.OrderBy(v => v.Key), kept.Versions.OrderBy(v => v.Key));
        Assert.Equal(expected.Registration.ProfileIds, actual.Registration.ProfileIds);
        Assert.Equal(Bare(expected.Registration), Bare(actual.Registration));

        static Registration Bare(Registration registration) => registration with { Links = LinkList.None, ProfileIds = [] };
    }

    /// <summary>A state with nothing that could be left out.</summary>
    protected static DeviceState State(long version) => new(
        new DeviceKey("a"), new Registration("AAAAAAAAAAAAAAAA", "a", Lwm2mVersion.V11, 0, LinkList.None) { Address = new PeerAddress("udp", "192.0.2.1:1") }, [], version);

    /// <summary>A state with everything.</summary>
    protected static DeviceState Full(string endpoint, long version) => Full(new DeviceKey(endpoint), version);

    private static DeviceState Full(DeviceKey key, long version)
    {
        Assert.True(LinkList.TryParse("</lwm2m>;rt=\"oma.lwm2m\";ct=112,</1/0>,</3/0>,</3303>;ver=1.1,</3303/0>"u8, out var links));
        var registration = new Registration("QUJDREVGR0hJSktM", key.Endpoint, Lwm2mVersion.V12, 300 + version, links)
        {
            RegisteredAt = _noon.AddDays(-1),
            UpdatedAt = _noon.AddTicks(version),
            ExpiresAt = _noon.AddTicks(version).AddSeconds(300 + version),
            Binding = "UT",
            QueueMode = true,
            SmsNumber = "+491701234567",
            ProfileIds = ["oma:meter", "6:27354b9a"],
            Address = new PeerAddress("udp", "[2001:db8::1]:56830"),
            Identity = new PeerIdentity.PreSharedKey("gerät-1") { Credential = "c-1" },
        };
        return new DeviceState(key, registration,
        [
            new StoredObservation(new CoapToken(ulong.MaxValue, 8), [new Lwm2mPath(3303, 0, 5700)], null),
            new StoredObservation(new CoapToken(1, 8), [new Lwm2mPath(3, 0), Lwm2mPath.Root, new Lwm2mPath(3303, 0, 5700)], ContentFormat.SenmlCbor)
            {
                IsComposite = true,
                Format = ContentFormat.SenmlCbor,
                Attributes = new NotificationAttributes { MinimumPeriod = 5, Confirmable = true },
                Written = new NotificationAttributes { GreaterThan = 0.1 + 0.2, LessThan = -3, Step = 1e-9, Edge = false, Unset = AttributeNames.MaximumPeriod },
            },
        ], version)
        {
            EndedAt = _noon.AddHours(1),
            AwakeWindow = TimeSpan.FromSeconds(17),
            PreferredFormat = ContentFormat.Tlv,
            RefusedFormats = [ContentFormat.SenmlCbor, ContentFormat.Lwm2mCbor],
        };
    }
}
