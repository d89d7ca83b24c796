using System.Net;

namespace Starling.Platform.Tests;

[Collection(PlatformCollection.Name)]
public sealed class ModelsPageTests(RunningPlatform platform)
{
    private const string Valid = """
        <?xml version="1.0" encoding="UTF-8"?>
        <LWM2M><Object ObjectType="MODefinition"><Name>Sluice &lt;b&gt;</Name><Description1>A gate.</Description1><ObjectID>42780</ObjectID>
        <ObjectURN>urn:oma:lwm2m:x:42780</ObjectURN><LWM2MVersion>1.0</LWM2MVersion><ObjectVersion>1.0</ObjectVersion>
        <MultipleInstances>Multiple</MultipleInstances><Mandatory>Optional</Mandatory><Resources>
        <Item ID="1"><Name>Opening</Name><Operations>RW</Operations><MultipleInstances>Single</MultipleInstances><Mandatory>Mandatory</Mandatory>
        <Type>Integer</Type><RangeEnumeration>0..100</RangeEnumeration><Units>/100</Units><Description>How far.</Description></Item>
        </Resources><Description2></Description2></Object></LWM2M>
        """;

    [Theory]
    [InlineData("3303", "Temperature")]
    [InlineData("/3303", "Temperature")]
    [InlineData("firmware", "Firmware Update")]
    public async Task Object_is_found_by_number_and_by_words(string search, string name)
    {
        var page = await platform.Http.GetStringAsync("/models?q=" + Uri.EscapeDataString(search));
        Assert.Contains(name, page, StringComparison.Ordinal);
        Assert.DoesNotContain("Power Measurement", page, StringComparison.Ordinal);
        Assert.Contains("No object matches", await platform.Http.GetStringAsync("/models?q=%3Cnothing%3E"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uploaded_object_is_known_and_kept()
    {
        var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var loopback = new IPEndPoint(IPAddress.Loopback, 0);
        try
        {
            await using var own = await EmptyPlatform.StartAsync(new PlatformSettings { Coap = loopback, Http = loopback, ObjectFolder = folder });
            using var http = new HttpClient { BaseAddress = own.Url };
            Assert.Contains("No object matches", await http.GetStringAsync("/models?q=42780"), StringComparison.Ordinal);
            var (status, page) = await UploadAsync(http, Valid, "../../evil.xml");
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Contains("The object is known now.", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
            Assert.Contains("Opening", await http.GetStringAsync("/models?q=42780"), StringComparison.Ordinal);
            Assert.Equal(["42780-1.0.xml"], Directory.EnumerateFiles(folder).Select(Path.GetFileName));

            // Whoever reads sees the old file or the new one, never half of one: the next start would fail on that.
            using var before = new StreamReader(Path.Combine(folder, "42780-1.0.xml"), new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete });
            await UploadAsync(http, Valid.Replace("Opening", "Aperture", StringComparison.Ordinal), "x.xml");
            Assert.Contains("Opening", await before.ReadToEndAsync(), StringComparison.Ordinal);
            Assert.Contains("Aperture", await File.ReadAllTextAsync(Assert.Single(Directory.EnumerateFiles(folder))), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("<LWM2M><Object>", "line 1")]
    [InlineData("", "It is empty")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"b\">]><LWM2M>&a;</LWM2M>", "wrong in it")]
    [InlineData("no xml at all \u202E<script>alert(1)</script>", "line 1")]
    public async Task Wrong_file_is_reported_with_its_lines(string xml, string words)
    {
        var (status, page) = await UploadAsync(platform.Http, xml, "x.xml");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("The file is not taken.", page, StringComparison.Ordinal);
        Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', page);
    }

    [Fact]
    public async Task Wrong_field_is_named()
    {
        var (_, page) = await UploadAsync(platform.Http, Valid.Replace("<Type>Integer</Type>", "<Type>Integral</Type>", StringComparison.Ordinal), "x.xml");
        Assert.Contains("Integral", page, StringComparison.Ordinal);
        Assert.Matches("line [56], column", page);
    }

    [Fact]
    public async Task Upload_has_a_bound()
    {
        var (status, _) = await UploadAsync(platform.Http, new string('x', 3 << 20), "x.xml");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
    }

    private static async Task<(HttpStatusCode Status, string Page)> UploadAsync(HttpClient http, string xml, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/models") { Content = new MultipartFormDataContent { { new StringContent(xml), "file", name } } };
        request.Headers.ExpectContinue = true;   // a refusal comes before the body is sent
        using var response = await http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
