namespace Starling.Server.Tests;

/// <summary>What every <see cref="ICredentialStore"/> does. A durable one overrides <see cref="ReopenAsync"/> with a fresh store over the same place.</summary>
public abstract class CredentialStoreContract
{
    private static readonly DateTimeOffset _noon = new(2026, 5, 4, 12, 0, 0, 123, TimeSpan.Zero);

    protected abstract ValueTask<ICredentialStore> OpenAsync();

    /// <summary>The store as the next process finds it.</summary>
    protected abstract ValueTask<ICredentialStore> ReopenAsync(ICredentialStore store);

    [Fact]
    public async Task Credential_of_every_kind_that_was_saved_is_loaded_whole()
    {
        var store = await OpenAsync();
        var certificate = new byte[700];
        Credential[] all =
        [
            Psk("a", "dev-ä", "urn:dev:ä") with { CreatedAt = _noon, IsEnabled = false, NotBefore = _noon.AddDays(1), NotAfter = _noon.AddDays(2), Replaces = "z" },
            Psk("b", "dev-2") with { CreatedAt = _noon },
            new Credential.PublicKey("c", new string('1', 64)) { Endpoint = "c", CreatedAt = _noon },
            new Credential.PinnedCertificate("d", new string('2', 64)) { CreatedAt = _noon },
            new Credential.CertificateSubject("e", "CN=dev-1, O=Acme") { CreatedAt = _noon },
            new Credential.Authority("f", "CN=Test CA, O=Bücher", certificate, EndpointPattern.Parse("urn:{cn}:*")) with { CreatedAt = _noon },
            new Credential.Authority("g", "CN=Test CA", certificate, null) with { CreatedAt = _noon },
        ];
        await store.SaveAsync(all, default);
        var loaded = await LoadAsync(await ReopenAsync(store));
        Assert.Equal(all.Select(Flat), loaded.Select(Flat));
    }

    [Fact]
    public async Task Later_version_takes_the_place_of_the_earlier_one()
    {
        var store = await OpenAsync();
        await store.SaveAsync([Psk("a", "dev-1")], default);
        await store.SaveAsync([Psk("a", "dev-1", key: 9) with { IsEnabled = false }], default);
        var kept = (Credential.PreSharedKey)Assert.Single(await LoadAsync(await ReopenAsync(store)));
        Assert.Equal((9, false), (kept.Key.Span[0], kept.IsEnabled));
    }

    [Fact]
    public async Task Credential_that_was_deleted_is_gone_and_may_be_deleted_again()
    {
        var store = await OpenAsync();
        await store.SaveAsync([Psk("a", "1"), Psk("b", "2"), Psk("c", "3")], default);
        await store.DeleteAsync(["a", "c", "never"], default);
        await store.DeleteAsync(["a"], default);
        Assert.Equal(["b"], (await LoadAsync(await ReopenAsync(store))).Select(c => c.Id));
    }

    private static async Task<List<Credential>> LoadAsync(ICredentialStore store)
    {
        var loaded = new List<Credential>();
        await foreach (var credential in store.LoadAllAsync(default))
        {
            loaded.Add(credential);
        }
        return [.. loaded.OrderBy(c => c.Id, StringComparer.Ordinal)];
    }

    private static Credential.PreSharedKey Psk(string id, string identity, string? endpoint = null, byte key = 1) =>
        new(id, identity, new byte[] { key, 2, 3 }) { Endpoint = endpoint };

    private static string Flat(Credential c)
    {
        var secret = c switch
        {
            Credential.PreSharedKey p => Convert.ToHexString(p.Key.Span),
            Credential.Authority a => Convert.ToHexString(a.Certificate.Span) + a.Endpoints?.Text,
            _ => "",
        };
        return $"{c.GetType().Name} {c} {c.Endpoint} {c.CreatedAt:O} {c.IsEnabled} {c.NotBefore:O} {c.NotAfter:O} {c.Replaces} {secret}";
    }
}
