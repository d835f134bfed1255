namespace Faultline.Cpu.Tests.WeakSpots;

/// <summary>x87: precision control, operands that the format does not have, stack faults, and what each class of number does (SDM vol. 1, 8.2 to 8.5).</summary>
public sealed class X87Tests
{
    private const string OneAndThree = "st0=3fff:8000000000000000 st1=4000:c000000000000000";

    [Theory]
    // Precision control rounds the significand of FADD, FSUB, FMUL, FDIV and FSQRT: to 24 bits, 53 and 64.
    [InlineData("D8 C1", "07f", "st0=3fff:8000000000000000 st1=3fe1:8000000000000000", "st0=3fff:8000000000000000 fsw=20")]
    [InlineData("D8 C1", "27f", "st0=3fff:8000000000000000 st1=3fe1:8000000000000000", "st0=3fff:8000000200000000 fsw=0")]
    [InlineData("D8 C1", "27f", "st0=3fff:8000000000000000 st1=3fc4:8000000000000000", "st0=3fff:8000000000000000 fsw=20")]
    [InlineData("D8 C1", "37f", "st0=3fff:8000000000000000 st1=3fc4:8000000000000000", "st0=3fff:8000000000000010 fsw=0")]
    [InlineData("D8 F1", "07f", OneAndThree, "st0=3ffd:aaaaab0000000000 fsw=220")]
    [InlineData("D8 F1", "27f", OneAndThree, "st0=3ffd:aaaaaaaaaaaaa800 fsw=20")]
    [InlineData("D8 F1", "37f", OneAndThree, "st0=3ffd:aaaaaaaaaaaaaaab fsw=220")]
    [InlineData("D9 FA", "07f", "st0=4000:8000000000000000", "st0=3fff:b504f30000000000 fsw=20")]
    [InlineData("D9 FA", "27f", "st0=4000:8000000000000000", "st0=3fff:b504f333f9de6800 fsw=220")]
    [InlineData("D9 FA", "37f", "st0=4000:8000000000000000", "st0=3fff:b504f333f9de6484 fsw=20")]
    [InlineData("D8 C9", "07f", "st0=3fff:ffffffffffffffff st1=3fff:8000000000000000", "st0=4000:8000000000000000 fsw=220")]
    // The exponent keeps its 15 bits: no overflow in a narrow precision.
    [InlineData("D8 C9", "07f", "st0=7000:8000000000000000 st1=4fff:8000000000000000", "fsw=228 st0=7fff:8000000000000000")]
    // FLD, FPREM, FSCALE, FRNDINT, FCHS, FXTRACT, FILD and FLDPI do not heed it.
    [InlineData("D9 C0", "07f", "st0=3fff:ffffffffffffffff", "st0=3fff:ffffffffffffffff")]
    [InlineData("D9 F8", "07f", "st0=3fff:ffffffffffffffff st1=4000:8000000000000000", "st0=3fff:ffffffffffffffff fsw=0")]
    [InlineData("D9 FD", "07f", "st0=3fff:ffffffffffffffff st1=3fff:8000000000000000", "st0=4000:ffffffffffffffff fsw=0")]
    [InlineData("D9 FC", "07f", "st0=403d:ffffffffffffffff", "st0=403e:8000000000000000 fsw=220")]
    [InlineData("D9 E0", "07f", "st0=3fff:ffffffffffffffff", "st0=bfff:ffffffffffffffff")]
    [InlineData("D9 EB", "07f", "", "st0=4000:c90fdaa22168c235")]
    [InlineData("DF 2F", "07f", "rdi=@d [@d]=ffffffffffffff7f", "st0=403d:fffffffffffffffe")]
    public void PrecisionControl(string code, string control, string before, string after) =>
        Spot.Check(code, $"fcw={control} {before}", after);

    [Theory]
    // Unnormals, pseudo-NaNs and pseudo-infinities are invalid operands, pseudo-denormals are denormals.
    [InlineData("4000:4000000000000000", "ffff:c000000000000000", "1")]
    [InlineData("0001:0000000000000001", "ffff:c000000000000000", "1")]
    [InlineData("7fff:0000000000000000", "ffff:c000000000000000", "1")]
    [InlineData("7fff:4000000000000000", "ffff:c000000000000000", "1")]
    [InlineData("0000:8000000000000000", "0002:8000000000000000", "2")]
    [InlineData("0000:ffffffffffffffff", "0002:c000000000000000", "222")]
    // A signaling NaN becomes quiet, a quiet one stays without a flag.
    [InlineData("7fff:8000000000000001", "7fff:c000000000000001", "1")]
    [InlineData("7fff:c000000000000001", "7fff:c000000000000001", "0")]
    public void UnsupportedOperands(string operand, string result, string flags) =>
        // FADD ST(0), ST(1) with the smallest normal number in ST(1).
        Spot.Check("D8 C1", $"st0={operand} st1=0001:8000000000000000", $"st0={result} fsw={flags}");

    [Theory]
    // Overflow sets C1, underflow clears it; both give the indefinite when masked.
    [InlineData("D9 E8", "ftw=ff", "fsw=3a41 st0=ffff:c000000000000000")]
    [InlineData("D9 C0", "ftw=ff", "fsw=3a41 st0=ffff:c000000000000000")]
    [InlineData("D9 C1", "", "fsw=3841 st0=ffff:c000000000000000")]
    [InlineData("D8 C1", "fsw=200 st0=3fff:8000000000000000", "fsw=41 st0=ffff:c000000000000000")]
    [InlineData("DD D8", "fsw=200", "fsw=841 ftw=0")]
    [InlineData("DD 1F", "rdi=@d", "fsw=841 [@d]=000000000000f8ff")]
    [InlineData("DF 1F", "rdi=@d", "fsw=841 [@d]=0080")]
    [InlineData("D9 C9", "st0=3fff:8000000000000000", "fsw=41 st0=ffff:c000000000000000 st1=3fff:8000000000000000")]
    // Unmasked, nothing changes but the flags.
    [InlineData("D9 E8", "fcw=37e ftw=ff", "fsw=82c1")]
    [InlineData("D8 C1", "fcw=37e st0=3fff:8000000000000000", "fsw=80c1 st0=3fff:8000000000000000")]
    [InlineData("DD 1F", "fcw=37e rdi=@d [@d]=1111", "fsw=80c1 [@d]=1111")]
    public void StackFaults(string code, string before, string after) => Spot.Check(code, before, after);

    [Theory]
    // C2 says that the reduction is partial; else C0, C3, C1 are bits 2, 1 and 0 of the quotient.
    [InlineData("D9 F8", "st0=4001:e000000000000000 st1=4000:8000000000000000", "st0=3fff:8000000000000000 fsw=4200")]
    [InlineData("D9 F8", "st0=4001:c000000000000000 st1=4000:8000000000000000", "st0=0000:0000000000000000 fsw=4200")]
    [InlineData("D9 F5", "st0=4000:e000000000000000 st1=4000:8000000000000000", "st0=bffe:8000000000000000 fsw=4000")]
    [InlineData("D9 F8", "st0=7fff:8000000000000000 st1=3fff:8000000000000000", "st0=ffff:c000000000000000 fsw=1")]
    [InlineData("D9 F8", "st0=3fff:8000000000000000 st1=0000:0000000000000000", "st0=ffff:c000000000000000 fsw=1")]
    [InlineData("D9 F8", "st0=3fff:8000000000000000 st1=7fff:8000000000000000", "st0=3fff:8000000000000000 fsw=0")]
    public void PartialRemainder(string code, string before, string after) => Spot.Check(code, before, after);

    [Fact]
    public void ALongReductionIsPartial() =>
        // FPREM, FNSTSW AX, AND EAX, 400h.
        Spot.Check("D9 F8 DF E0 25 00 04 00 00", "st0=5000:8000000000000001 st1=3ffe:c000000000000000", "rax=400");

    [Theory]
    [InlineData("7fff:c000000000000000", "00000000000000c0ffff", "1")]
    [InlineData("7fff:8000000000000000", "00000000000000c0ffff", "1")]
    [InlineData("403a:de0b6b3a76400000", "00000000000000c0ffff", "1")]
    [InlineData("403a:de0b6b3a763ffff0", "99999999999999999900", "0")]
    [InlineData("8000:0000000000000000", "00000000000000000080", "0")]
    [InlineData("c000:a000000000000000", "02000000000000000080", "20")]
    public void StoresOfDecimals(string value, string memory, string flags) =>
        // FBSTP pops: TOP 1.
        Spot.Check("DF 37", $"st0={value} rdi=@d", $"[@d]={memory} fsw={0x800 + Convert.ToInt32(flags, 16):x}");

    [Theory]
    [InlineData("00000000000000000080", "8000:0000000000000000")]
    [InlineData("99999999999999999900", "403a:de0b6b3a763ffff0")]
    [InlineData("010000000000000000ff", "bfff:8000000000000000")]
    public void LoadsOfDecimals(string memory, string value) => Spot.Check("DF 27", $"rdi=@d [@d]={memory}", $"st0={value}");

    [Theory]
    // FSCALE: infinities and zeros against each other; FXTRACT: of zero divides by zero, of infinity is infinite twice.
    [InlineData("D9 FD", "st0=3fff:8000000000000000 st1=7fff:8000000000000000", "st0=7fff:8000000000000000 fsw=0")]
    [InlineData("D9 FD", "st0=3fff:8000000000000000 st1=ffff:8000000000000000", "st0=0000:0000000000000000 fsw=0")]
    [InlineData("D9 FD", "st0=0000:0000000000000000 st1=7fff:8000000000000000", "st0=ffff:c000000000000000 fsw=1")]
    [InlineData("D9 FD", "st0=7fff:8000000000000000 st1=ffff:8000000000000000", "st0=ffff:c000000000000000 fsw=1")]
    [InlineData("D9 FD", "st0=3fff:8000000000000000 st1=bfff:c000000000000000", "st0=3ffe:8000000000000000 fsw=0")]
    [InlineData("D9 F4", "st0=0000:0000000000000000", "st0=0000:0000000000000000 st1=ffff:8000000000000000 fsw=3804")]
    [InlineData("D9 F4", "st0=8000:0000000000000000", "st0=8000:0000000000000000 st1=ffff:8000000000000000 fsw=3804")]
    [InlineData("D9 F4", "st0=ffff:8000000000000000", "st0=ffff:8000000000000000 st1=7fff:8000000000000000 fsw=3800")]
    [InlineData("D9 F4", "st0=c002:c000000000000000", "st0=bfff:c000000000000000 st1=4000:c000000000000000 fsw=3800")]
    [InlineData("D9 F4", "st0=0000:0000000000000001", "st0=3fff:8000000000000000 st1=c00d:807a000000000000 fsw=3802")]
    public void ScaleAndExtract(string code, string before, string after) => Spot.Check(code, before, after);

    [Theory]
    // C3, C2, C0 tell the class, C1 the sign, also of an empty register.
    [InlineData("st0=4000:4000000000000000", "0")]
    [InlineData("st0=ffff:0000000000000000", "200")]
    [InlineData("st0=7fff:c000000000000000", "100")]
    [InlineData("st0=ffff:8000000000000001", "300")]
    [InlineData("st0=3fff:8000000000000000", "400")]
    [InlineData("st0=ffff:8000000000000000", "700")]
    [InlineData("st0=8000:0000000000000000", "4200")]
    [InlineData("st0=0000:0000000000000001", "4400")]
    [InlineData("st0=0000:8000000000000000", "4400")]
    [InlineData("", "4100")]
    [InlineData("st0=bfff:8000000000000000 ftw=0", "4300")]
    public void ExamineEveryClass(string before, string status) => Spot.Check("D9 E5", before, $"fsw={status}");

    [Fact]
    public void TheFullTagWordHasAllClasses() =>
        // Valid, zero, special (NaN, infinity, denormal, unnormal, pseudo-denormal), empty: FNSTENV's third word.
        Spot.Check(
            "D9 37",
            "rdi=@d st0=3fff:8000000000000000 st1=0000:0000000000000000 st2=7fff:c000000000000000 st3=7fff:8000000000000000 "
            + "st4=0000:0000000000000001 st5=4000:4000000000000000 st6=0000:8000000000000000",
            "[@d]=7f03ffff0000ffffa4eaffff fcw=37f");

    [Theory]
    // A loaded tag word counts only as empty or not; the rest follows from the registers (here all zero).
    [InlineData("00000000", "[@d+48]=5555", "ff")]
    [InlineData("ffff0000", "[@d+48]=ffff", "0")]
    [InlineData("aaaa0000", "[@d+48]=5555", "ff")]
    [InlineData("fcff0000", "[@d+48]=fdff", "1")]
    public void LoadedTagsAreEmptyOrNot(string tags, string after, string abridged) =>
        // FLDENV [RDI], FNSTENV [RDI+40h].
        Spot.Check("D9 27 D9 77 40", $"rdi=@d [@d]=7f03000000000000{tags}", $"{after} ftw={abridged}");

    [Theory]
    // A pending unmasked exception stops what waits, and not what does not.
    [InlineData("9B", "10")]
    [InlineData("D9 E8", "10")]
    [InlineData("D9 07", "10")]
    [InlineData("0F 77", "10")]
    [InlineData("DF E0", "")]
    [InlineData("D9 3F", "")]
    [InlineData("DB E2", "")]
    [InlineData("DB E3", "")]
    public void PendingExceptionsStopWaitingInstructions(string code, string trap) =>
        Spot.Check(code, "fcw=37e fsw=8081 rdi=@d", trap.Length == 0 ? "" : $"trap={trap} rip=@c");
}
