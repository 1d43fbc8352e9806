/* Stages and error estimates of DOP853: Hairer, Norsett, Wanner 1993, table II.5.7 and their code's coefficients. */
#include "num/dop853_kernel.h"

#include "heddle/math.h"

enum { MOST = 9 };

/* Weights of the rates k[from[0]], k[from[1]], .. */
typedef struct weights {
  int from[MOST];
  double by[MOST];
} weights;

/* clang-format off */
static const weights stages[HD_DOP853_STAGES] = {
  {{0},
   {.0526001519587677318785587544488}},
  {{0, 1},
   {.0197250569845378994544595329183, .0591751709536136983633785987549}},
  {{0, 2},
   {.0295875854768068491816892993775, .0887627564304205475450678981324}},
  {{0, 2, 3},
   {.241365134159266685502369798665, -.884549479328286085344864962717, .924834003261792003115737966543}},
  {{0, 3, 4},
   {.037037037037037037037037037037, .170828608729473871279604482173, .125467687566822425016691814123}},
  {{0, 3, 4, 5},
   {.037109375, .170252211019544039314978060272, .0602165389804559606850219397283, -.017578125}},
  {{0, 3, 4, 5, 6},
   {.0370920001185047927108779319836, .170383925712239993810214054705, .107262030446373284651809199168,
    -.0153194377486244017527936158236, .00827378916381402288758473766002}},
  {{0, 3, 4, 5, 6, 7},
   {.624110958716075717114429577812, -3.36089262944694129406857109825, -.868219346841726006818189891453,
    27.5920996994467083049415600797, 20.1540675504778934086186788979, -43.4898841810699588477366255144}},
  {{0, 3, 4, 5, 6, 7, 8},
   {.477662536438264365890433908527, -2.48811461997166764192642586468, -.590290826836842996371446475743,
    21.2300514481811942347288949897, 15.2792336328824235832596922938, -33.2882109689848629194453265587,
    -.0203312017085086261358222928593}},
  {{0, 3, 4, 5, 6, 7, 8, 9},
   {-.93714243008598732571704021658, 5.18637242884406370830023853209, 1.09143734899672957818500254654,
    -8.14978701074692612513997267357, -18.5200656599969598641566180701, 22.7394870993505042818970056734,
    2.49360555267965238987089396762, -3.0467644718982195003823669022}},
  {{0, 3, 4, 5, 6, 7, 8, 9, 10},
   {2.27331014751653820792359768449, -10.5344954667372501984066689879, -2.00087205822486249909675718444,
    -17.9589318631187989172765950534, 27.9488845294199600508499808837, -2.85899827713502369474065508674,
    -8.87285693353062954433549289258, 12.3605671757943030647266201528, .643392746015763530355970484046}},
  {{0, 5, 6, 7, 8, 9, 10, 11},
   {.0542937341165687622380535766363, 4.45031289275240888144113950566, 1.89151789931450038304281599044,
    -5.8012039600105847814672114227, .31116436695781989440891606237, -.152160949662516078556178806805,
    .201365400804030348374776537501, .0447106157277725905176885569043}}};
static const double fifth_order[8] = {
    .01312004499419488073250102996, -1.225156446376204440720569753, -.4957589496572501915214079952,
    1.664377182454986536961530415, -.3503288487499736816886487290, .3341791187130174790297318841,
    .08192320648511571246570742613, -.02235530786388629525884427845};
static const double third_order[3] = {   /* of k[0], k[8], k[11]: taken from the weights of stage 12 */
    .244094488188976377952755905512, .733846688281611857341361741547, .0220588235294117647058823529412};
/* clang-format on */

/* y + step sum: `count` is a number at every call, so that nothing is looped over inside. */
HD_FN void combine(const hd_dop853_rows *r, int count, const weights *w, double *restrict out) {
  for (int64_t row = 0; row < r->rows; row++) {
    int64_t at = row * r->stride;
    const double *k[MOST];
    for (int j = 0; j < count; j++) k[j] = r->k[w->from[j]] + at;
    HD_INDEPENDENT
    for (int64_t i = 0; i < r->columns; i++) {
      double sum = w->by[0] * k[0][i];
      for (int j = 1; j < count; j++) sum = hd_fma(w->by[j], k[j][i], sum);
      out[at + i] = hd_fma(r->step[i], sum, r->y[at + i]);
    }
  }
}

void HD_ISA(hd_dop853_stage)(const hd_dop853_rows *r, int stage, double *out) {
  const weights *w = &stages[stage - 1];
  switch (stage) {
    case 1: combine(r, 1, w, out); break;
    case 2:
    case 3: combine(r, 2, w, out); break;
    case 4:
    case 5: combine(r, 3, w, out); break;
    case 6: combine(r, 4, w, out); break;
    case 7: combine(r, 5, w, out); break;
    case 8: combine(r, 6, w, out); break;
    case 9: combine(r, 7, w, out); break;
    case 10:
    case 12: combine(r, 8, w, out); break;
    case 11: combine(r, 9, w, out); break;
    default: break;
  }
}

/* Not-a-number wins. */
HD_FN double larger(double a, double b) {
  double most = a > b ? a : b;
  return a != a ? a : most;
}

void HD_ISA(hd_dop853_errors)(const hd_dop853_rows *r, const double *y_new, double absolute, double relative,
                              double *restrict fifth, double *restrict third) {
  const weights *w = &stages[HD_DOP853_STAGES - 1];
  for (int64_t i = 0; i < r->columns; i++) fifth[i] = third[i] = 0;
  for (int64_t row = 0; row < r->rows; row++) {
    int64_t at = row * r->stride;
    const double *k[8];
    for (int j = 0; j < 8; j++) k[j] = r->k[w->from[j]] + at;
    HD_INDEPENDENT
    for (int64_t i = 0; i < r->columns; i++) {
      double five = fifth_order[0] * k[0][i], three = w->by[0] * k[0][i];
      for (int j = 1; j < 8; j++) {
        five = hd_fma(fifth_order[j], k[j][i], five);
        three = hd_fma(w->by[j], k[j][i], three);
      }
      three -= third_order[0] * k[0][i] + third_order[1] * k[4][i] + third_order[2] * k[7][i];
      double size = hd_larger(hd_abs(r->y[at + i]), hd_abs(y_new[at + i])), per = 1 / hd_fma(relative, size, absolute);
      five = hd_abs(five) * per;
      three = hd_abs(three) * per;
      fifth[i] = larger(five, fifth[i]);
      third[i] = larger(three, third[i]);
    }
  }
}
