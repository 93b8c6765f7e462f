# Draws bias_variance_polynomial.svg. From the project's root:
#
#   build/release/descent run experiments/bias_variance_polynomial.yaml --db results.db
#   build/release/descent sql results.db --format csv '
#     SELECT "features.1.polynomial.degree" AS degree, b.total, b.total_lo, b.total_hi, b.bias2, b.bias2_lo,
#            b.bias2_hi, b.variance, b.variance_lo, b.variance_hi
#     FROM bias_variance_polynomial JOIN bias_variance b USING (point_id)
#     WHERE b.epoch = 20000 ORDER BY degree' > build/bias_variance_polynomial.csv
#   gnuplot docs/images/bias_variance_polynomial.gp
#
# The axis is logarithmic from `floor` up: a bias2 whose interval reaches 0 is drawn as an arrow down
# from its upper bound. The background is white so that the picture reads in a dark theme too.
floor = 1e-4
set terminal svg size 720,420 font "sans-serif,14" background "#ffffff"
set output "docs/images/bias_variance_polynomial.svg"
set datafile separator ","

set xlabel "degree"
set ylabel "squared error"
set xrange [-0.4:9.4]
set yrange [floor:20]
set logscale y
set format y "10^{%T}"
set xtics 1
set grid ytics linecolor rgb "#dddddd" linetype 1
set border 3
set tics nomirror out
set key outside top center horizontal reverse Left

file = "build/bias_variance_polynomial.csv"
certain(x) = column("bias2_lo") > floor ? x : NaN
unsure(x) = column("bias2_lo") > floor ? NaN : x
left = -0.06  # a little sideways, so that error bars do not hide each other
right = 0.06
plot file using "degree":"total":"total_lo":"total_hi" \
       with yerrorlines linewidth 2 pointtype 7 linecolor rgb "#333333" title "total", \
     file using (column("degree")+left):(certain(column("bias2"))):"bias2_lo":"bias2_hi" \
       with yerrorlines linewidth 2 pointtype 5 linecolor rgb "#0072b2" title "bias²", \
     file using (column("degree")+left):(unsure(column("bias2_hi"))):(0):(floor*1.05-column("bias2_hi")) \
       with vectors linewidth 2 linecolor rgb "#0072b2" title "bias², 0 in its interval", \
     file using (column("degree")+right):"variance":"variance_lo":"variance_hi" \
       with yerrorlines linewidth 2 pointtype 9 linecolor rgb "#d55e00" title "variance", \
     0.09 with lines linewidth 1 dashtype 2 linecolor rgb "#777777" title "noise"
