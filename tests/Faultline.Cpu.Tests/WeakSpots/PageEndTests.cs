namespace Faultline.Cpu.Tests.WeakSpots;

/// <summary>Operands that end with the last byte of a mapping, and those that reach one byte further.</summary>
public sealed class PageEndTests
{
    [Theory]
    [InlineData("0F B6 07", 1)]
    [InlineData("66 8B 07", 2)]
    [InlineData("8B 07", 4)]
    [InlineData("48 8B 07", 8)]
    [InlineData("0F 10 07", 16)]
    [InlineData("F3 0F 7E 07", 8)]
    [InlineData("F3 0F 10 07", 4)]
    [InlineData("F2 0F F0 07", 16)]
    [InlineData("C5 FC 10 07", 32)]
    [InlineData("D9 07", 4)]
    [InlineData("DD 07", 8)]
    [InlineData("DB 2F", 10)]
    [InlineData("DF 27", 10)]
    [InlineData("66 0F 38 20 07", 8)]
    [InlineData("FF 37", 8)]
    public void Loads(string code, int size) => AtTheEnd(code, size, 4);

    [Theory]
    [InlineData("88 07", 1)]
    [InlineData("66 89 07", 2)]
    [InlineData("89 07", 4)]
    [InlineData("48 89 07", 8)]
    [InlineData("0F 11 07", 16)]
    [InlineData("66 0F D6 07", 8)]
    [InlineData("C5 FC 11 07", 32)]
    [InlineData("DD 1F", 8)]
    [InlineData("DB 3F", 10)]
    [InlineData("DF 37", 10)]
    [InlineData("D9 3F", 2)]
    [InlineData("48 0F C3 07", 8)]
    [InlineData("0F 94 07", 1)]
    public void Stores(string code, int size) => AtTheEnd(code, size, 6);

    [Theory]
    [InlineData("80 07 01", 1)]
    [InlineData("66 83 07 01", 2)]
    [InlineData("83 07 01", 4)]
    [InlineData("48 83 07 01", 8)]
    [InlineData("F0 48 83 07 01", 8)]
    [InlineData("48 87 07", 8)]
    [InlineData("48 0F B1 07", 8)]
    [InlineData("48 0F C1 07", 8)]
    [InlineData("48 D3 07", 8)]
    [InlineData("48 0F BA 2F 05", 8)]
    [InlineData("48 F7 17", 8)]
    public void ReadModifyWrites(string code, int size) => AtTheEnd(code, size, 6);

    [Theory]
    // The pages of code may be read and not written: present, and the address where the store begins.
    [InlineData("48 89 07", "rdi=@c-100", "error=7 cr2=@c-100")]
    [InlineData("48 83 07 01", "rdi=@c-100", "error=7 cr2=@c-100")]
    [InlineData("0F 11 07", "rdi=10000ff8", "error=7 cr2=10000ff8")]
    // A store that begins in unmapped memory and ends in read-only memory faults where it begins.
    [InlineData("48 89 07", "rdi=ffffffc", "error=6 cr2=ffffffc")]
    [InlineData("48 8B 07", "rdi=ffffffc", "error=4 cr2=ffffffc")]
    public void StoresToReadOnlyPages(string code, string before, string after) => Spot.Check(code, before + " flags=8d5", "trap=e rip=@c flags=8d5 " + after);

    [Theory]
    [InlineData("F3 A4", "rsi=@d rdi=@e-3 rcx=5 [@d]=1122334455", "rcx=2 rsi=@d+3 rdi=@e error=6 cr2=@e [@e-3]=112233")]
    [InlineData("F3 A5", "rsi=@d rdi=@e-6 rcx=5 [@d]=1122334455", "rcx=4 rsi=@d+4 rdi=@e-2 error=6 cr2=@e [@e-6]=112233440000")]
    [InlineData("F3 AA", "rax=7 rdi=@e-2 rcx=5", "rcx=3 rdi=@e error=6 cr2=@e [@e-2]=0707")]
    [InlineData("F3 AC", "rsi=@e-2 rcx=5 [@e-2]=0102", "rcx=3 rsi=@e rax=2 error=4 cr2=@e")]
    [InlineData("F2 AE", "rax=7 rdi=@e-2 rcx=5", "rcx=3 rdi=@e error=4 cr2=@e")]
    [InlineData("FD F3 AA", "rax=7 rdi=@d+1 rcx=5", "rcx=3 rdi=@d-1 error=6 cr2=@d-1 [@d]=0707")]
    public void StringsStopWhereTheyFault(string code, string before, string after) =>
        Spot.Check(code, before, $"trap=e rip=@c{(code[0] == 'F' && code[1] == 'D' ? "+1" : "")} " + after);

    [Theory]
    // No iterations: no access, no flags. 67h counts with ECX and clears the upper halves of what it changes.
    [InlineData("F3 A6", "rcx=0 rsi=1000 rdi=2000 flags=8d5", "rcx=0 rsi=1000 rdi=2000 flags=8d5")]
    [InlineData("F2 AE", "rcx=0 rdi=2000 flags=8d5", "rcx=0 rdi=2000 flags=8d5")]
    [InlineData("67 F3 A4", "rcx=100000002 rsi=@d rdi=@d+10 [@d]=112233", "rcx=0 rsi=@d+2 rdi=@d+12 [@d+10]=112200")]
    [InlineData("67 F3 AA", "rcx=100000000 rdi=1000", "rcx=100000000 rdi=1000")]
    // Overlap by one byte repeats it; backwards with DF.
    [InlineData("F3 A4", "rcx=4 rsi=@d rdi=@d+1 [@d]=1122", "[@d]=1111111111 rcx=0")]
    [InlineData("F3 48 AB", "rcx=2 rdi=@d+10 rax=5 flags=400", "[@d+8]=05000000000000000500000000000000 rdi=@d rcx=0")]
    [InlineData("F3 A6", "rcx=5 rsi=@d rdi=@d+10 [@d]=112233 [@d+10]=112244", "rcx=2 rsi=@d+3 rdi=@d+13 flags=91")]
    // A REP that means nothing is ignored, REPNE on MOVS repeats.
    [InlineData("F2 A4", "rcx=2 rsi=@d rdi=@d+10 [@d]=1122", "rcx=0 [@d+10]=1122")]
    [InlineData("F3 89 C8", "rcx=2", "rax=2 rcx=2")]
    public void RepeatedStrings(string code, string before, string after) => Spot.Check(code, before, after);

    private static void AtTheEnd(string code, int size, int error)
    {
        const string state = "rax=1 rcx=1 flags=95 st0=3fff:8000000000000000 xmm0=11111111111111111111111111111111";
        Spot.Check(code, $"{state} rdi=@e-{size:x}", "");
        // Not one byte of it is written.
        Spot.Check(code, $"{state} rdi=@e-{size - 1:x}", $"trap=e rip=@c error={error} cr2=@e flags=95 rsp=@s [@e-1]=00");
    }
}
