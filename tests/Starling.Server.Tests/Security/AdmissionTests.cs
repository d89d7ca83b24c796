using System.Collections.Immutable;
using Starling.Coap;
using Starling.Testing;

namespace Starling.Server.Tests;

/// <summary>LwM2M Transport 1.2 §5.2: the endpoint client name is the security identity's own.</summary>
public sealed class AdmissionTests : IDisposable
{
    private readonly ManualTime _time = new(TestKeys.Noon);
    private readonly DeviceCredentials _credentials;

    public AdmissionTests() => _credentials = new DeviceCredentials(null, null, _time);

    public void Dispose() => _credentials.Dispose();

    [Theory]
    [InlineData("ep=urn:dev-1&lt=60&lwm2m=1.1", "2.01")]
    [InlineData("lt=60&lwm2m=1.1", "2.01")]
    [InlineData("ep=dev-1&lt=60&lwm2m=1.1", "4.00")]
    [InlineData("ep=urn:dev-2&lt=60&lwm2m=1.1", "4.00")]
    public async Task Bound_credential_registers_under_its_name_only(string query, string code)
    {
        await AddAsync(TestKeys.Psk("a", "dev-1", "urn:dev-1"));
        await using var rig = await ServerRig.StartAsync(time: _time, credentials: _credentials);
        rig.Secured(Psk("dev-1", "a"));
        Assert.Equal(code, (await rig.RegisterAsync(query)).Code.ToString());
        Assert.Equal(code == "2.01", rig.Server.Find(new DeviceKey("urn:dev-1")) is { Identity.Credential: "a" });
    }

    [Theory]
    [InlineData("ep=dev-1&lt=60&lwm2m=1.1", "2.01")]
    [InlineData("lt=60&lwm2m=1.1", "2.01")]
    [InlineData("ep=dev-2&lt=60&lwm2m=1.1", "4.00")]
    public async Task Unbound_identity_is_its_own_name(string query, string code)
    {
        await AddAsync(TestKeys.Psk("a", "dev-1"));
        await using var rig = await ServerRig.StartAsync(time: _time, credentials: _credentials);
        rig.Secured(Psk("dev-1", "a"));
        Assert.Equal(code, (await rig.RegisterAsync(query)).Code.ToString());
    }

    [Fact]
    public async Task Identity_that_is_in_no_store_is_judged_by_the_patterns()
    {
        await using var rig = await ServerRig.StartAsync(new ServerSettings { Admission = new AdmissionSettings { Patterns = [EndpointPattern.Parse("urn:acme:{identity}")] } });
        rig.Secured(Psk("7", null));
        Assert.Equal(CoapCode.Created, (await rig.RegisterAsync("ep=urn:acme:7&lt=60&lwm2m=1.1")).Code);
        Assert.Equal(CoapCode.BadRequest, (await rig.RegisterAsync("ep=7&lt=60&lwm2m=1.1")).Code);
    }

    [Fact]
    public async Task Name_with_a_credential_is_refused_without_security()
    {
        await AddAsync(TestKeys.Psk("a", "dev-1", "urn:dev-1"));
        await using var rig = await ServerRig.StartAsync(time: _time, credentials: _credentials);
        Assert.Equal(CoapCode.Forbidden, (await rig.RegisterAsync("ep=urn:dev-1&lt=60&lwm2m=1.1")).Code);
        Assert.Equal(CoapCode.Created, (await rig.RegisterAsync("ep=other&lt=60&lwm2m=1.1")).Code);
        Assert.Equal(CoapCode.BadRequest, (await rig.RegisterAsync("lt=60&lwm2m=1.1")).Code);
    }

    [Fact]
    public async Task Name_that_an_unbound_credential_proves_is_refused_without_security()
    {
        var fingerprint = new string('a', 64);
        await AddAsync(TestKeys.Psk("a", "dev-1"), TestKeys.Psk("b", "dev-2", "urn:dev-2"), new Credential.PublicKey("c", fingerprint));
        await using var rig = await ServerRig.StartAsync(time: _time, credentials: _credentials);
        Assert.Equal(CoapCode.Forbidden, (await rig.RegisterAsync("ep=dev-1&lt=60&lwm2m=1.1")).Code);
        Assert.Equal(CoapCode.Forbidden, (await rig.RegisterAsync($"ep={fingerprint}&lt=60&lwm2m=1.1")).Code);
        Assert.Equal(CoapCode.Created, (await rig.RegisterAsync("ep=dev-2&lt=60&lwm2m=1.1")).Code);   // that one stands for another name
        await _credentials.RemoveAsync("a", default);
        Assert.Equal(CoapCode.Created, (await rig.RegisterAsync("ep=dev-1&lt=60&lwm2m=1.1")).Code);
    }

    [Theory]
    [InlineData(UnsecuredDevices.Refused, "4.03", "4.03")]
    [InlineData(UnsecuredDevices.WithoutCredential, "4.03", "2.01")]
    [InlineData(UnsecuredDevices.Allowed, "2.01", "2.01")]
    public async Task Setting_says_what_devices_without_security_may(UnsecuredDevices unsecured, string withCredential, string without)
    {
        await AddAsync(TestKeys.Psk("a", "dev-1", "urn:dev-1"));
        var settings = new ServerSettings { Admission = new AdmissionSettings { Unsecured = unsecured } };
        await using var rig = await ServerRig.StartAsync(settings, time: _time, credentials: _credentials);
        Assert.Equal(withCredential, (await rig.RegisterAsync("ep=urn:dev-1&lt=60&lwm2m=1.1")).Code.ToString());
        Assert.Equal(without, (await rig.RegisterAsync("ep=other&lt=60&lwm2m=1.1")).Code.ToString());
    }

    [Theory]
    [InlineData(UnsecuredDevices.Refused, "4.04")]
    [InlineData(UnsecuredDevices.WithoutCredential, "2.04")]
    public async Task Registration_from_before_goes_on_without_security_only_where_it_may(UnsecuredDevices unsecured, string update)
    {
        var store = new MemoryDeviceStore();
        string location;
        await using (var rig = await ServerRig.StartAsync(store: store, time: _time))
        {
            location = (await rig.RegisterAsync("ep=other&lt=600&lwm2m=1.1", from: "10.0.9.1:1")).Location();
        }
        var settings = new ServerSettings { Admission = new AdmissionSettings { Unsecured = unsecured } };
        await using var next = await ServerRig.StartAsync(settings, store: store, time: _time);
        Assert.Equal(update, (await next.AskAsync(Requests.Post(location), "10.0.9.1:1")).Code.ToString());
        Assert.Equal(update == "2.04", next.Server.Find(new DeviceKey("other"))!.Peer is not null);
    }

    [Fact]
    public async Task Credential_that_is_gone_registers_nobody()
    {
        await AddAsync(TestKeys.Psk("a", "dev-1", "x"), TestKeys.Psk("b", "dev-2", "y"));
        await using var rig = await ServerRig.StartAsync(time: _time, credentials: _credentials);
        await _credentials.RemoveAsync("a", default);
        await _credentials.EnableAsync("b", false, default);
        rig.Secured(Psk("dev-1", "a"), "10.0.9.1:1");
        rig.Secured(Psk("dev-2", "b"), "10.0.9.2:1");
        Assert.Equal(CoapCode.Forbidden, (await rig.RegisterAsync("ep=x&lt=60&lwm2m=1.1", from: "10.0.9.1:1")).Code);
        Assert.Equal(CoapCode.Forbidden, (await rig.RegisterAsync("ep=y&lt=60&lwm2m=1.1", from: "10.0.9.2:1")).Code);
    }

    [Fact]
    public async Task Registration_of_a_secured_device_is_not_taken_over_without_security()
    {
        await using var rig = await ServerRig.StartAsync();
        rig.Secured(Psk("dev-1", null), "10.0.9.1:1");
        var location = (await rig.RegisterAsync("ep=dev-1&lt=60&lwm2m=1.1", from: "10.0.9.1:1")).Location();
        Assert.Equal(CoapCode.Forbidden, (await rig.RegisterAsync("ep=dev-1&lt=60&lwm2m=1.1", from: "10.0.9.2:1")).Code);
        Assert.Equal(CoapCode.NotFound, (await rig.AskAsync(Requests.Post(location), "10.0.9.2:1")).Code);
        Assert.Equal(CoapCode.NotFound, (await rig.AskAsync(Requests.Delete(location), "10.0.9.2:1")).Code);
        Assert.Equal("10.0.9.1:1", rig.Server.Find(new DeviceKey("dev-1"))!.Peer!.Address.Text);
    }

    [Fact]
    public async Task Update_of_another_identity_is_refused_and_of_the_next_key_of_the_same_device_is_not()
    {
        var store = new MemoryDeviceStore();
        await AddAsync(TestKeys.Psk("a", "dev-1", "x"), TestKeys.Psk("b", "dev-2", "y"));
        await _credentials.RotateAsync("a", TestKeys.Psk("c", "dev-1.2"), null, default);
        await using var rig = await ServerRig.StartAsync(store: store, time: _time, credentials: _credentials);
        rig.Secured(Psk("dev-1", "a"), "10.0.9.1:1");
        rig.Secured(Psk("dev-2", "b"), "10.0.9.2:1");
        rig.Secured(Psk("dev-1.2", "c"), "10.0.9.3:1");
        var location = (await rig.RegisterAsync("ep=x&lt=60&lwm2m=1.1", from: "10.0.9.1:1")).Location();
        Assert.Equal(CoapCode.NotFound, (await rig.AskAsync(Requests.Post(location), "10.0.9.2:1")).Code);
        Assert.Equal(CoapCode.Changed, (await rig.AskAsync(Requests.Post(location), "10.0.9.3:1")).Code);
        Assert.Equal("c", rig.Server.Find(new DeviceKey("x"))!.Identity.Credential);
        await foreach (var kept in store.LoadAllAsync(default))
        {
            Assert.Equal("c", kept.Registration.Identity.Credential);
        }
    }

    [Fact]
    public async Task Identity_is_in_the_event_and_survives_a_restart()
    {
        var store = new MemoryDeviceStore();
        var identity = new PeerIdentity.Certificate("CN=dev-1", "dev-1", ["a"], "cd");
        await using (var rig = await ServerRig.StartAsync(store: store, time: _time))
        {
            await using var events = rig.Server.Events(default).GetAsyncEnumerator();
            rig.Secured(identity);
            await rig.RegisterAsync("ep=dev-1&lt=600&lwm2m=1.1");
            var registered = Assert.IsType<DeviceEvent.Registered>((await rig.TakeAsync(events, 1))[0]);
            Assert.Same(identity, registered.Registration.Identity);
        }
        await using var next = await ServerRig.StartAsync(store: new Deaf(store), time: _time);
        Assert.Same(identity, next.Server.Find(new DeviceKey("dev-1"))!.Registration.Identity);
    }

    [Fact]
    public async Task Explanation_says_which_rule_let_it_in_or_refused_it()
    {
        await AddAsync(TestKeys.Psk("a", "dev-1", "x"));
        var admission = new Admission(new AdmissionSettings(), _credentials);
        var yes = admission.Explain(Psk("dev-1", "a"), null);
        Assert.Equal((true, "x", CoapCode.Created), (yes.IsAdmitted, yes.Endpoint, yes.Code));
        Assert.Equal("credential a (PSK identity dev-1)", Assert.Single(yes.Steps).Rule);
        var no = admission.Explain(Psk("dev-9", null), "x");
        Assert.Equal((false, CoapCode.BadRequest), (no.IsAdmitted, no.Code));
        Assert.Equal(["pattern {identity}", "pattern {cn}", "pattern {san}", "pattern {fingerprint}"], no.Steps.Select(s => s.Rule));
        Assert.All(no.Steps, s => Assert.False(s.Allows));
        var open = admission.Explain(PeerIdentity.None, "x");
        Assert.Equal((false, CoapCode.Forbidden), (open.IsAdmitted, open.Code));
    }

    [Fact]
    public async Task Explanation_looks_at_who_is_registered_under_the_name()
    {
        await using var rig = await ServerRig.StartAsync();
        rig.Secured(Psk("dev-1", null), "10.0.9.1:1");
        await rig.RegisterAsync("ep=dev-1&lt=60&lwm2m=1.1", from: "10.0.9.1:1");
        var registered = rig.Server.Find(new DeviceKey("dev-1"))!.Identity;

        var said = rig.Server.Admission.Explain(PeerIdentity.None, "dev-1", registered);

        Assert.Equal((await rig.RegisterAsync("ep=dev-1&lt=60&lwm2m=1.1", from: "10.0.9.2:1")).Code, said.Code);
        Assert.Equal((false, "registered device"), (said.IsAdmitted, said.Steps[^1].Rule));
        Assert.True(rig.Server.Admission.Explain(Psk("dev-1", null), "dev-1", registered).IsAdmitted);
    }

    [Fact]
    public void Credential_in_the_place_of_another_one_stands_for_its_name()
    {
        var admission = new Admission(new AdmissionSettings { Patterns = [EndpointPattern.Parse("urn:{identity}"), EndpointPattern.Parse("any-*")] }, _credentials);
        var old = TestKeys.Psk("a", "dev-1");
        Assert.Equal("urn:dev-1", admission.InPlaceOf(old, TestKeys.Psk("b", "dev-1.2")).Endpoint);
        Assert.Equal("urn:dev-1", admission.InPlaceOf(old, new Credential.PinnedCertificate("b", new string('a', 64))).Endpoint);
        Assert.Null(admission.InPlaceOf(old, TestKeys.Psk("b", "dev-1")).Endpoint);   // the patterns go on making it
        Assert.Null(admission.InPlaceOf(new Credential.CertificateSubject("a", "CN=x"), TestKeys.Psk("b", "dev-1.2")).Endpoint);
    }

    [Fact]
    public async Task Explanation_and_Register_say_the_same()
    {
        await AddAsync(TestKeys.Psk("a", "dev-1", "x"), TestKeys.Psk("b", "dev-2"), TestKeys.Psk("c", "dev-3", "z") with { IsEnabled = false });
        await using var rig = await ServerRig.StartAsync(time: _time, credentials: _credentials);
        ImmutableArray<PeerIdentity> identities =
            [PeerIdentity.None, Psk("dev-1", "a"), Psk("dev-2", "b"), Psk("dev-3", "c"), Psk("dev-2", null), new PeerIdentity.PublicKey("ab"), Psk("x", "gone")];
        var port = 1;
        foreach (var identity in identities)
        {
            foreach (var endpoint in new[] { null, "x", "y", "z", "dev-1", "dev-2", "ab" })
            {
                var from = $"10.0.8.8:{port++}";
                rig.Secured(identity, from);
                var said = rig.Server.Admission.Explain(identity, endpoint);
                var answer = await rig.RegisterAsync($"{(endpoint is null ? "" : $"ep={endpoint}&")}lt=60&lwm2m=1.1", from: from);
                Assert.Equal(said.Code, answer.Code);
                if (said.IsAdmitted)
                {
                    await rig.Server.RemoveAsync(new DeviceKey(said.Endpoint!), default);
                }
            }
        }
    }

    [Fact]
    public async Task Admission_of_a_device_without_security_allocates_nothing()
    {
        await AddAsync(TestKeys.Psk("a", "dev-1", "x"));
        var admission = new Admission(new AdmissionSettings(), _credentials);
        Assert.Equal(0, Spent(admission));   // the first round compiles
        Assert.Equal(0, Spent(admission));
    }

    private static long Spent(Admission admission)
    {
        string? endpoint = "other";
        admission.Refuse(PeerIdentity.None, ref endpoint);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            if (admission.Refuse(PeerIdentity.None, ref endpoint) is not null)
            {
                throw new InvalidOperationException("It was refused.");
            }
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static PeerIdentity.PreSharedKey Psk(string identity, string? credential) => new PeerIdentity.PreSharedKey(identity) { Credential = credential };

    private async Task AddAsync(params Credential[] credentials) => Assert.Null(await _credentials.AddAsync(credentials, default));

    // The address of the next process's peers is another one, so that nobody is found there.
    private sealed class Deaf(IDeviceStore inner) : IDeviceStore
    {
        public async IAsyncEnumerable<DeviceState> LoadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
        {
            await foreach (var state in inner.LoadAllAsync(cancel))
            {
                yield return state with { Registration = state.Registration with { Address = new PeerAddress("other", "nowhere") } };
            }
        }

        public ValueTask<bool> SaveAsync(DeviceState state, long expectedVersion, CancellationToken cancel) => inner.SaveAsync(state, expectedVersion, cancel);

        public ValueTask<bool> RenewAsync(DeviceKey key, DateTimeOffset updatedAt, PeerAddress? address, long expectedVersion, CancellationToken cancel) =>
            inner.RenewAsync(key, updatedAt, address, expectedVersion, cancel);

        public ValueTask<bool> DeleteAsync(DeviceKey key, long expectedVersion, CancellationToken cancel) => inner.DeleteAsync(key, expectedVersion, cancel);
    }
}
